import { StintError } from '../../../shared/errors.ts';

/** A part of a gap, as the person says that they worked through it. */
export interface WorkedPart {
  readonly startedAt: string;
  readonly endedAt: string;
}

/**
 * What the person named of a gap, in order, with parts that touch each other made one.
 *
 * @throws StintError `invalid_input` where a part has no length, leaves the gap, or covers time that another one does.
 */
export function computeWorkedParts(
  parts: readonly WorkedPart[],
  gap: WorkedPart,
): readonly WorkedPart[] {
  const sorted = [...parts].sort((left, right) => (left.startedAt < right.startedAt ? -1 : 1));
  const joined: WorkedPart[] = [];
  for (const part of sorted) {
    if (part.endedAt <= part.startedAt)
      throw invalid(`the end ${part.endedAt} does not lie after the start ${part.startedAt}`);
    if (part.startedAt < gap.startedAt || part.endedAt > gap.endedAt)
      throw invalid(`expected parts between ${gap.startedAt} and ${gap.endedAt}`);
    const last = joined.at(-1);
    if (last !== undefined && part.startedAt < last.endedAt)
      throw invalid(`${part.startedAt} lies in another part already; time counts once`);
    if (last !== undefined && part.startedAt === last.endedAt)
      joined[joined.length - 1] = { startedAt: last.startedAt, endedAt: part.endedAt };
    else joined.push(part);
  }
  return joined;
}

const invalid = (message: string): StintError =>
  new StintError('invalid_input', message, { field: 'stretches' });
