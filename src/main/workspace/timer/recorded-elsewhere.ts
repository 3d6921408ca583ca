import { computeDerivedId } from '../../../shared/domain/derived-id.ts';
import type { Sha256Hex } from '../../../shared/ports.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import type { TimerRow } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import type { WorkedPart } from './gap-stretches.ts';
import type { TimerStretch } from './timer-recording.ts';

/**
 * A copy of this workspace, on another machine or the one that it was restored from, holds the same timer (SY-16). What
 * one of them records comes to the other in a pull: under the same ids, so that no time is recorded twice.
 */

/** The question about the gap that ends at `resumedAt`. */
export const computeGapQuestionId = (
  timeEntryId: string,
  resumedAt: string,
  sha256Hex: Sha256Hex,
): string => computeDerivedId(timeEntryId, `gap/${resumedAt}`, sha256Hex);

/** The entry as which a timer goes on from an instant. */
export const computeNextTimerId = (
  timeEntryId: string,
  startedAt: string,
  sha256Hex: Sha256Hex,
): string => computeDerivedId(timeEntryId, `from/${startedAt}`, sha256Hex);

const computePartId = (questionId: string, index: number, sha256Hex: Sha256Hex): string =>
  computeDerivedId(questionId, `part/${index}`, sha256Hex);

/**
 * Until when another copy has recorded this timer without a break; undefined where it has recorded nothing of it. What
 * was cut or deleted since counts as recorded: somebody decided on it.
 */
export async function findRecordedUntil(seat: Seat, row: TimerRow): Promise<string | undefined> {
  const entry = await seat.db
    .selectFrom('timeEntries')
    .select(['startedAt', 'endedAt', 'deletedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', row.timeEntryId)
    .executeTakeFirst();
  if (entry === undefined) return undefined;
  const edits = await seat.db
    .selectFrom('fieldEdits')
    .select(['field', 'previousJson'])
    .where('orgId', '=', seat.record.orgId)
    .where('tableName', '=', 'timeEntries')
    .where('rowId', '=', row.timeEntryId)
    .where('field', 'in', ['startedAt', 'endedAt'])
    .orderBy('editedAt')
    .orderBy('id')
    .execute();
  const findFirst = (field: 'startedAt' | 'endedAt'): string => {
    const first = edits.find((edit) => edit.field === field);
    return first === undefined ? entry[field] : (JSON.parse(first.previousJson) as string);
  };
  const recorded = { startedAt: findFirst('startedAt'), endedAt: findFirst('endedAt') };
  let until = row.startedAt;
  for (const { startedAt, endedAt } of entry.deletedAt === null ? [recorded, entry] : [recorded])
    if (startedAt <= until && endedAt > until) until = endedAt;
  return until;
}

/** What counts of a gap and stands in no entry yet that the gap's own timer, or an answer about the gap, has become. */
export async function findUnrecordedParts(
  seat: Seat,
  gap: { readonly questionId: string; readonly timeEntryId: string; readonly endedAt: string },
  parts: readonly WorkedPart[],
  sha256Hex: Sha256Hex,
): Promise<{ readonly parts: WorkedPart[]; readonly createId: () => string }> {
  const nextId = computeNextTimerId(gap.timeEntryId, gap.endedAt, sha256Hex);
  const recorded = [await findEntry(seat, gap.timeEntryId), await findEntry(seat, nextId)];
  let count = 0;
  for (;;) {
    const answered = await findEntry(seat, computePartId(gap.questionId, count, sha256Hex));
    if (answered === undefined) break;
    recorded.push(answered);
    count += 1;
  }
  let rest = [...parts];
  for (const entry of recorded)
    if (entry !== undefined && entry.deletedAt === null)
      rest = rest.flatMap((part) => subtract(part, entry));
  return { parts: rest, createId: () => computePartId(gap.questionId, count++, sha256Hex) };
}

/**
 * What is left to record of a timer's stretches, of one or more seconds each. Where a gap lies in one copy alone, the timer goes
 * on under an id of its own there; such an id shows by itself what it came from and when. What is found so was counted already.
 */
export async function takeOutRecorded(
  seat: Seat,
  stretches: readonly TimerStretch[],
  sha256Hex: Sha256Hex,
): Promise<TimerStretch[]> {
  const recorded = await findSameTimer(seat, stretches, sha256Hex);
  if (recorded.length === 0) return [...stretches];
  return stretches.flatMap((stretch) => {
    let rest: WorkedPart[] = [stretch];
    for (const entry of recorded) rest = rest.flatMap((part) => subtract(part, entry));
    return rest.map(({ startedAt, endedAt }) => ({
      ...stretch,
      timeEntryId:
        startedAt === stretch.startedAt
          ? stretch.timeEntryId
          : computeNextTimerId(stretch.timeEntryId, startedAt, sha256Hex),
      startedAt,
      endedAt,
    }));
  });
}

interface Link {
  readonly id: string;
  readonly startedAt: string;
}

/** The entries that share time with the stretches, and that their timer has become in a copy. */
async function findSameTimer(
  seat: Seat,
  stretches: readonly TimerStretch[],
  sha256Hex: Sha256Hex,
): Promise<(Link & WorkedPart)[]> {
  const line: Link[] = stretches.map(({ timeEntryId: id, startedAt }) => ({ id, startedAt }));
  const starts = stretches.map(({ startedAt }) => startedAt).toSorted();
  const ends = stretches.map(({ endedAt }) => endedAt).toSorted();
  const entries = await seat.db
    .selectFrom('timeEntries')
    .select(['id', 'startedAt', 'endedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('membershipId', '=', seat.record.membershipId)
    .where('source', '=', 'timer')
    .where('deletedAt', 'is', null)
    .where('startedAt', '<', ends.at(-1) ?? '')
    .where('endedAt', '>', starts[0] ?? '')
    .execute();
  const isNext = (from: Link, to: Link) =>
    computeNextTimerId(from.id, to.startedAt, sha256Hex) === to.id;
  const found: (Link & WorkedPart)[] = [];
  for (;;) {
    const more = entries.filter(
      (entry) =>
        line.every(({ id }) => id !== entry.id) &&
        line.some((link) => isNext(link, entry) || isNext(entry, link)),
    );
    if (more.length === 0) return found;
    found.push(...more);
    line.push(...more);
  }
}

async function findEntry(
  seat: Seat,
  id: string,
): Promise<(WorkedPart & { readonly deletedAt: string | null }) | undefined> {
  return seat.db
    .selectFrom('timeEntries')
    .select(['startedAt', 'endedAt', 'deletedAt'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** What is left of a part; less than a second is nothing. */
function subtract(part: WorkedPart, taken: WorkedPart): WorkedPart[] {
  if (taken.endedAt <= part.startedAt || taken.startedAt >= part.endedAt) return [part];
  return [
    { startedAt: part.startedAt, endedAt: taken.startedAt },
    { startedAt: taken.endedAt, endedAt: part.endedAt },
  ].filter(({ startedAt, endedAt }) => computeEpochMs(endedAt) - computeEpochMs(startedAt) >= 1000);
}
