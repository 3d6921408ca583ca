export type DiffKind = 'same' | 'added' | 'removed';

export interface DiffPiece {
  readonly kind: DiffKind;
  readonly text: string;
}

export interface DiffLine {
  readonly kind: DiffKind;
  /** The line in pieces: what of a changed line stayed is `same`. */
  readonly pieces: readonly DiffPiece[];
}

/** Above this many comparisons (about 2,000 changed lines on each side) what is left counts as rewritten. */
const maxComparisons = 4_000_000;
/** Below this share of common words, a line counts as another line rather than an edited one. */
const leastLikeness = 0.4;

/** How many comparisons there may still be, for all that is compared at once. */
export interface ComparisonRoom {
  left: number;
}

export function createComparisonRoom(): ComparisonRoom {
  return { left: maxComparisons };
}

/** The shortest way from `before` to `after` by taking out and putting in, by longest common subsequence. */
export function computePieces(
  before: readonly string[],
  after: readonly string[],
  room: ComparisonRoom,
): readonly DiffPiece[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start])
    start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1;
  const same = (text: string): DiffPiece => ({ kind: 'same', text });
  return [
    ...before.slice(0, start).map(same),
    ...computeMiddle(
      before.slice(start, before.length - end),
      after.slice(start, after.length - end),
      room,
    ),
    ...before.slice(before.length - end).map(same),
  ];
}

function computeMiddle(
  before: readonly string[],
  after: readonly string[],
  room: ComparisonRoom,
): readonly DiffPiece[] {
  const removed = (text: string): DiffPiece => ({ kind: 'removed', text });
  const added = (text: string): DiffPiece => ({ kind: 'added', text });
  const comparisons = before.length * after.length;
  if (comparisons > room.left) return [...before.map(removed), ...after.map(added)];
  room.left -= comparisons;

  const width = after.length + 1;
  // lengths[i * width + j]: how much before[i…] and after[j…] have in common.
  const lengths = new Uint32Array((before.length + 1) * width);
  const lengthAt = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        before[i] === after[j]
          ? lengthAt(i + 1, j + 1) + 1
          : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));

  const pieces: DiffPiece[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const left = before[i];
    const right = after[j];
    if (left !== undefined && left === right) {
      pieces.push({ kind: 'same', text: left });
      i += 1;
      j += 1;
    } else if (
      left !== undefined &&
      (right === undefined || lengthAt(i + 1, j) >= lengthAt(i, j + 1))
    ) {
      pieces.push(removed(left));
      i += 1;
    } else if (right !== undefined) {
      pieces.push(added(right));
      j += 1;
    }
  }
  return pieces;
}

function joinPieces(pieces: readonly DiffPiece[]): readonly DiffPiece[] {
  const joined: DiffPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last?.kind === piece.kind)
      joined[joined.length - 1] = { kind: piece.kind, text: last.text + piece.text };
    else joined.push(piece);
  }
  return joined;
}

/** What changed within one line or one sentence, word by word. */
export function computeWordDiff(
  before: string,
  after: string,
  room: ComparisonRoom = createComparisonRoom(),
): readonly DiffPiece[] {
  const split = (text: string) => text.split(/(\s+)/u).filter((word) => word !== '');
  return joinPieces(computePieces(split(before), split(after), room));
}

function computeLikeness(pieces: readonly DiffPiece[]): number {
  let sameLength = 0;
  let totalLength = 0;
  for (const { kind, text } of pieces) {
    // What stayed is part of both lines.
    totalLength += kind === 'same' ? 2 * text.length : text.length;
    if (kind === 'same') sameLength += 2 * text.length;
  }
  return totalLength === 0 ? 1 : sameLength / totalLength;
}

/** A line taken out and one put in at the same place are shown as one edit where they are alike. */
function refineHunk(
  removed: readonly string[],
  added: readonly string[],
  room: ComparisonRoom,
): readonly DiffLine[] {
  const before: DiffLine[] = [];
  const after: DiffLine[] = [];
  for (let index = 0; index < Math.max(removed.length, added.length); index += 1) {
    const old = removed[index];
    const young = added[index];
    const words = old === undefined || young === undefined ? [] : computeWordDiff(old, young, room);
    const isEdit = words.length > 0 && computeLikeness(words) >= leastLikeness;
    if (old !== undefined)
      before.push({
        kind: 'removed',
        pieces: isEdit
          ? words.filter(({ kind }) => kind !== 'added')
          : [{ kind: 'removed', text: old }],
      });
    if (young !== undefined)
      after.push({
        kind: 'added',
        pieces: isEdit
          ? words.filter(({ kind }) => kind !== 'removed')
          : [{ kind: 'added', text: young }],
      });
  }
  return [...before, ...after];
}

/** However a line ends: what another program saves with other ends is the same text. */
const splitLines = (text: string): readonly string[] => text.split(/\r\n|\r|\n/u);

/** What changed between two texts, line by line, with the words of edited lines told apart. */
export function computeLineDiff(before: string, after: string): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  // The words of all lines together: there can be hundreds of long ones.
  const room = createComparisonRoom();
  const closeHunk = () => {
    // One by one: there may be more of them than a call takes arguments.
    for (const line of refineHunk(removed, added, room)) lines.push(line);
    removed = [];
    added = [];
  };
  const pieces = computePieces(splitLines(before), splitLines(after), createComparisonRoom());
  for (const { kind, text } of pieces) {
    if (kind === 'removed') removed.push(text);
    else if (kind === 'added') added.push(text);
    else {
      closeHunk();
      lines.push({ kind, pieces: [{ kind, text }] });
    }
  }
  closeHunk();
  return lines;
}
