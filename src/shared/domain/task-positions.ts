/** A task's place among those of its engagement: after all with a lower position. */
export interface PlacedTask {
  readonly id: string;
  readonly position: number;
}

/** One task, and the one that it stands right behind afterwards; null for the first place. */
export interface TaskMove {
  readonly taskId: string;
  readonly afterTaskId: string | null;
}

/** Left before the first and behind the last when they get a new position, so that later ones find room. */
const room = 32;

/**
 * The ids after one move after the other. A move that names a task which is not there moves nothing.
 */
export function applyMoves(ids: readonly string[], moves: readonly TaskMove[]): readonly string[] {
  const known = new Set(ids);
  const order = [...ids];
  for (const { taskId, afterTaskId } of moves) {
    if (!known.has(taskId) || taskId === afterTaskId) continue;
    if (afterTaskId !== null && !known.has(afterTaskId)) continue;
    order.splice(order.indexOf(taskId), 1);
    order.splice(afterTaskId === null ? 0 : order.indexOf(afterTaskId) + 1, 0, taskId);
  }
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
 */
export function computePositions(ordered: readonly PlacedTask[]): ReadonlyMap<string, number> {
  const kept = findLongestRise(ordered.map(({ position }, index) => position - index));
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
    for (let index = from + 1; index < to; index += 1)
      set(index, at(from) + Math.floor((index - from) * step));
  }
  return changed;
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
