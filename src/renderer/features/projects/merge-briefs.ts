import { computePieces, createComparisonRoom } from '../comparison/text-diff.ts';

/** A version of a brief, or what stands in the form of one. */
interface WrittenBrief {
  readonly instructions: string;
  /** One without an id is new. */
  readonly criteria: readonly { readonly id?: string; readonly text: string }[];
}

export interface MergedBrief extends WrittenBrief {
  /** In so many places both wrote something: there both texts stand, one below the other. */
  readonly doubled: number;
}

/** Some of the original's blocks, and what stands instead of them. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly blocks: readonly string[];
}

const splitBlocks = (text: string): string[] =>
  text
    .replaceAll(/\r\n?/gu, '\n')
    .split(/\n{2,}/u)
    .filter((block) => block.trim() !== '');

function computeHunks(before: readonly string[], after: readonly string[]): Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  let open: { start: number; blocks: string[] } | undefined;
  for (const { kind, text } of computePieces(before, after, createComparisonRoom())) {
    if (kind === 'same') {
      if (open !== undefined) hunks.push({ ...open, end: at });
      open = undefined;
      at += 1;
      continue;
    }
    open ??= { start: at, blocks: [] };
    if (kind === 'added') open.blocks.push(text);
    else at += 1;
  }
  if (open !== undefined) hunks.push({ ...open, end: at });
  return hunks;
}

/** What one side makes of the original between two places. */
function applyHunks(before: readonly string[], hunks: readonly Hunk[], from: number, to: number) {
  const blocks: string[] = [];
  let at = from;
  for (const hunk of hunks) {
    blocks.push(...before.slice(at, hunk.start), ...hunk.blocks);
    at = hunk.end;
  }
  return [...blocks, ...before.slice(at, to)];
}

/** Hunks of two sides belong together where they change the same of the original, or put something into the same place. */
function groupHunks(ours: readonly Hunk[], theirs: readonly Hunk[]) {
  const marked = [
    ...ours.map((hunk) => ({ hunk, isOurs: true })),
    ...theirs.map((hunk) => ({ hunk, isOurs: false })),
  ].sort((left, right) => left.hunk.start - right.hunk.start || left.hunk.end - right.hunk.end);
  const groups: { start: number; end: number; ours: Hunk[]; theirs: Hunk[] }[] = [];
  for (const { hunk, isOurs } of marked) {
    let group = groups.at(-1);
    const isSame = hunk.start === group?.start && hunk.end === group.end;
    if (group === undefined || (hunk.start >= group.end && !isSame)) {
      group = { start: hunk.start, end: hunk.end, ours: [], theirs: [] };
      groups.push(group);
    }
    group.end = Math.max(group.end, hunk.end);
    (isOurs ? group.ours : group.theirs).push(hunk);
  }
  return groups;
}

function mergeTexts(before: string, ours: string, theirs: string) {
  const original = splitBlocks(before);
  const merged: string[] = [];
  let doubled = 0;
  let at = 0;
  for (const group of groupHunks(
    computeHunks(original, splitBlocks(ours)),
    computeHunks(original, splitBlocks(theirs)),
  )) {
    const { start, end } = group;
    merged.push(...original.slice(at, start));
    const left = applyHunks(original, group.ours, start, end);
    const right = applyHunks(original, group.theirs, start, end);
    if (group.ours.length === 0) merged.push(...right);
    else if (group.theirs.length === 0) merged.push(...left);
    else {
      const others = right.filter((block) => !left.includes(block));
      if (left.length > 0 && others.length > 0) doubled += 1;
      merged.push(...left, ...others);
    }
    at = end;
  }
  return { text: [...merged, ...original.slice(at)].join('\n\n'), doubled };
}

function mergeCriteria(before: WrittenBrief, ours: WrittenBrief, theirs: WrittenBrief) {
  const find = ({ criteria }: WrittenBrief, wanted: string | undefined) =>
    wanted === undefined ? undefined : criteria.find(({ id }) => id === wanted);
  let doubled = 0;
  const kept = ours.criteria.flatMap((criterion): MergedBrief['criteria'] => {
    const old = find(before, criterion.id);
    const other = find(theirs, criterion.id);
    if (old === undefined || other?.text === criterion.text || other?.text === old.text)
      return [criterion];
    if (criterion.text === old.text) return other === undefined ? [] : [other];
    if (other === undefined) return [criterion];
    doubled += 1;
    return [criterion, { text: other.text }];
  });
  const added = theirs.criteria.filter((criterion) => {
    if (find(ours, criterion.id) !== undefined) return false;
    const old = find(before, criterion.id);
    return old === undefined || old.text !== criterion.text;
  });
  return { criteria: [...kept, ...added], doubled };
}

/**
 * One version of a brief with what another one that began with the same had changed, by paragraphs and by
 * criteria. Nothing that either wrote is left out; what both changed stands there twice.
 */
export function mergeBriefs(
  before: WrittenBrief,
  ours: WrittenBrief,
  theirs: WrittenBrief,
): MergedBrief {
  const { text, doubled } = mergeTexts(before.instructions, ours.instructions, theirs.instructions);
  const { criteria, doubled: doubledCriteria } = mergeCriteria(before, ours, theirs);
  return { instructions: text, criteria, doubled: doubled + doubledCriteria };
}
