/** A task's place among those of its engagement: after all with a lower position. */
export interface PlacedTask {
  readonly id: string;
  readonly position: number;
}

/** One of which is known where it stands among those at the same position. */
export interface DatedTask extends PlacedTask {
  readonly createdAt: string;
}

const compareTexts = (left: string, right: string): number =>
  left === right ? 0 : left < right ? -1 : 1;

/** The order of tasks at the same position: the older one first. */
export const compareByAge = (left: DatedTask, right: DatedTask): number =>
  compareTexts(left.createdAt, right.createdAt) || compareTexts(left.id, right.id);

/** The order of an engagement's tasks. */
export const comparePlaces = (left: DatedTask, right: DatedTask): number =>
  left.position - right.position || compareByAge(left, right);

/** One task, and the one that it stands right behind afterwards; null for the first place. */
export interface TaskMove {
  readonly taskId: string;
  readonly afterTaskId: string | null;
}

/** Left before the first and behind the last when they get a new position, so that later ones find room. */
const room = 32;

/**
 * The ids after one move after the other. A move that names a task which is not there moves nothing. Each move takes the
 * same time, however many tasks there are.
 */
export function applyMoves(ids: readonly string[], moves: readonly TaskMove[]): readonly string[] {
  // Each stands in a ring, at its place from 1; 0 is before the first and behind the last.
  const places = new Map(ids.map((id, index) => [id, index + 1]));
  const next = ids.map((_, index) => index + 1).concat(0);
  const previous = [ids.length].concat(ids.map((_, index) => index));
  const join = (left: number, right: number) => {
    next[left] = right;
    previous[right] = left;
  };
  for (const { taskId, afterTaskId } of moves) {
    const place = places.get(taskId);
    const after = afterTaskId === null ? 0 : places.get(afterTaskId);
    if (place === undefined || after === undefined || place === after) continue;
    join(previous[place] ?? 0, next[place] ?? 0);
    join(place, next[after] ?? 0);
    join(after, place);
  }
  const order: string[] = [];
  for (let place = next[0] ?? 0; place !== 0; place = next[place] ?? 0)
    order.push(ids[place - 1] ?? '');
  return order;
}

/**
 * The longest choice of `values`, as their indexes, in which none is less than the one before.
 * In n log n steps.
 */
export function findLongestRise(values: readonly number[]): readonly number[] {
  /** For each length the index at which the rise of that length with the lowest end ends. */
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [index, value] of values.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((values[ends[middle] ?? 0] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    previous.push(ends[low - 1]);
    ends[low] = index;
  }
  const rise: number[] = [];
  for (let index = ends.at(-1); index !== undefined; index = previous[index]) rise.push(index);
  return rise.toReversed();
}

/**
 * The positions that have to change for tasks to stand in this order: as few as there can be. Whole numbers, below 0
 * as well. Two that keep theirs have room for those between them; those before the first and behind the last that
 * keep theirs are set wide apart.
 *
 * @param mayShare whether two that follow each other stand in this order at the same position, too; never, if left out.
 */
export function computePositions<Task extends PlacedTask>(
  ordered: readonly Task[],
  mayShare: (task: Task, next: Task) => boolean = () => false,
): ReadonlyMap<string, number> {
  const least = countLeastSteps(ordered, mayShare);
  const between = (from: number, to: number) => (least[to] ?? 0) - (least[from] ?? 0);
  const kept = findLongestRise(
    ordered.map(({ position }, index) => position - (least[index] ?? 0)),
  );
  const changed = new Map<string, number>();
  const set = (index: number, position: number) => {
    const task = ordered[index];
    if (task !== undefined && task.position !== position) changed.set(task.id, position);
  };
  const at = (index: number) => ordered[index]?.position ?? 0;
  const first = kept[0] ?? 0;
  for (let index = 0; index < first; index += 1) set(index, at(first) - (first - index) * room);
  for (const [nth, from] of kept.entries()) {
    const to = kept[nth + 1];
    if (to === undefined) {
      for (let index = from + 1; index < ordered.length; index += 1)
        set(index, at(from) + (index - from) * room);
      continue;
    }
    const step = (at(to) - at(from)) / (to - from);
    let last = at(from);
    for (let index = from + 1; index < to; index += 1) {
      const even = at(from) + Math.floor((index - from) * step);
      const lowest = last + between(index - 1, index);
      last = Math.min(Math.max(even, lowest), at(to) - between(index, to));
      set(index, last);
    }
  }
  return changed;
}

/** For each task, by how much its position is above the first one's at least. */
function countLeastSteps<Task>(
  ordered: readonly Task[],
  mayShare: (task: Task, next: Task) => boolean,
): readonly number[] {
  let steps = 0;
  return ordered.map((task, index) => {
    const before = ordered[index - 1];
    if (before !== undefined && !mayShare(before, task)) steps += 1;
    return steps;
  });
}

/**
 * The fewest moves that make one order of the same ids another: those that stand in the same order in both stay, and each
 * of the others is put right behind the one that it follows.
 */
export function computeMoves(
  before: readonly string[],
  after: readonly string[],
): readonly TaskMove[] {
  const places = new Map(before.map((id, index) => [id, index]));
  const staying = new Set(findLongestRise(after.map((id) => places.get(id) ?? -1)));
  return after.flatMap((taskId, index) =>
    staying.has(index) ? [] : [{ taskId, afterTaskId: after[index - 1] ?? null }],
  );
}
