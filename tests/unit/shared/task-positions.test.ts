import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyMoves,
  compareByAge,
  comparePlaces,
  computeMoves,
  computePositions,
  type DatedTask,
  findLongestRise,
  type TaskMove,
} from '../../../src/shared/domain/task-positions.ts';

const dense = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `task ${index}`, position: index + 1 }));
const idsOf = (tasks: readonly { readonly id: string }[]) => tasks.map(({ id }) => id);

/** The tasks after a move, with the positions that had to change. */
function moveTask(
  tasks: readonly { readonly id: string; readonly position: number }[],
  from: number,
  to: number,
) {
  const ids = idsOf(tasks);
  const after = ids.toSpliced(from, 1).toSpliced(to, 0, ids[from] ?? '');
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const ordered = after.flatMap((id) => byId.get(id) ?? []);
  const changed = computePositions(ordered);
  return {
    changed: changed.size,
    tasks: ordered.map(({ id, position }) => ({ id, position: changed.get(id) ?? position })),
  };
}

const isAscending = (tasks: readonly { readonly position: number }[]) =>
  tasks.every(({ position }, index) => index === 0 || (tasks[index - 1]?.position ?? 0) < position);

describe('the moves that make one order another', () => {
  test('of ten thousand tasks, one that was moved is one move, wherever it went', () => {
    const before = idsOf(dense(10_000));
    for (const [from, to] of [
      [9_999, 0],
      [0, 9_999],
      [9_000, 2],
      [4_000, 4_001],
    ] as const) {
      const after = before.toSpliced(from, 1).toSpliced(to, 0, before[from] ?? '');
      const moves = computeMoves(before, after);
      expect(moves).toHaveLength(1);
      expect(applyMoves(before, moves)).toEqual(after);
    }
  });

  test('any order comes of any other, and nothing of the same', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...Array(12).keys()], { minLength: 12 }),
        fc.shuffledSubarray([...Array(12).keys()], { minLength: 12 }),
        (left, right) => {
          const [before, after] = [left.map(String), right.map(String)];
          expect(applyMoves(before, computeMoves(before, after))).toEqual(after);
          expect(computeMoves(after, after)).toEqual([]);
        },
      ),
    );
  });

  test('a move that names an unknown task moves nothing, and those after it still do', () => {
    const moves = [
      { taskId: 'x', afterTaskId: null },
      { taskId: 'a', afterTaskId: 'x' },
      { taskId: 'b', afterTaskId: 'b' },
      { taskId: 'c', afterTaskId: null },
    ];
    expect(applyMoves(['a', 'b', 'c'], moves)).toEqual(['c', 'a', 'b']);
  });
});

test('moves end where taking each out and putting it in ends', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const move = fc.record({
    taskId: fc.constantFrom(...ids, 'x'),
    afterTaskId: fc.constantFrom(...ids, 'x', null),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 8 }), (moves: readonly TaskMove[]) => {
      const order = [...ids];
      for (const { taskId, afterTaskId } of moves) {
        if (taskId === 'x' || afterTaskId === 'x' || taskId === afterTaskId) continue;
        order.splice(order.indexOf(taskId), 1);
        order.splice(afterTaskId === null ? 0 : order.indexOf(afterTaskId) + 1, 0, taskId);
      }
      expect(applyMoves(ids, moves)).toEqual(order);
    }),
  );
});

describe('positions', () => {
  test('stand in the order wanted, with as few changed as there can be', () => {
    const position = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(fc.array(position, { maxLength: 9 }), (positions) => {
        const tasks = positions.map((each, index) => ({ id: String(index), position: each }));
        const changed = computePositions(tasks);
        const placed = tasks.map((task) => ({ position: changed.get(task.id) ?? task.position }));
        expect(isAscending(placed)).toBe(true);
        // By trying every choice of tasks that could keep theirs.
        let most = 0;
        for (let choice = 0; choice < 2 ** tasks.length; choice += 1) {
          const kept = tasks.flatMap((task, index) =>
            (choice >> index) % 2 === 1 ? [{ index, position: task.position }] : [],
          );
          const fits = kept.every(({ index, position: own }, nth) => {
            const last = kept[nth - 1];
            return last === undefined || own - last.position >= index - last.index;
          });
          if (fits) most = Math.max(most, kept.length);
        }
        expect(changed.size).toBe(tasks.length - most);
      }),
    );
  });

  test('to either end one changes, and two for neighbours; into the middle of closely numbered ones half of them once, and few ever after', () => {
    const first = dense(10_000);
    expect(moveTask(first, 9_000, 0).changed).toBe(1);
    expect(moveTask(first, 10, 9_999).changed).toBe(1);
    expect(moveTask(first, 4_000, 4_001).changed).toBe(2);
    let { changed, tasks } = moveTask(first, 9_999, 5_000);
    expect(changed).toBeLessThanOrEqual(5_000);
    for (let time = 0; time < 5; time += 1) {
      ({ changed, tasks } = moveTask(tasks, 200 + time, 7_000));
      expect(changed).toBe(1);
      expect(isAscending(tasks)).toBe(true);
    }
  });
});

describe('positions that several tasks may have, the older one first', () => {
  const mayShare = (task: DatedTask, next: DatedTask) => compareByAge(task, next) < 0;
  const createTasks = (count: number): DatedTask[] =>
    Array.from({ length: count }, (_, index) => ({
      id: `task ${index}`,
      position: index + 1,
      createdAt: new Date(index * 1000).toISOString(),
    }));
  const place = (ordered: readonly DatedTask[]) => {
    const changed = computePositions(ordered, mayShare);
    const tasks = ordered.map((task) => ({
      ...task,
      position: changed.get(task.id) ?? task.position,
    }));
    return { changed: changed.size, tasks };
  };

  test('put tasks into the order wanted, with as few changed as there can be', () => {
    const task = fc.record({
      position: fc.integer({ min: -4, max: 8 }),
      createdAt: fc.constantFrom('2026-03-02', '2026-03-03', '2026-03-04'),
    });
    fc.assert(
      fc.property(fc.array(task, { maxLength: 8 }), (drawn) => {
        const ordered = drawn.map((each, index) => ({ ...each, id: String((index * 5) % 8) }));
        const { changed, tasks } = place(ordered);
        expect(idsOf(tasks.toSorted(comparePlaces))).toEqual(idsOf(ordered));
        let most = 0;
        for (let choice = 0; choice < 2 ** ordered.length; choice += 1) {
          const isKept = (index: number) => (choice >> index) % 2 === 1;
          // The lowest positions that the others can have, behind those that keep theirs.
          let low = Number.NEGATIVE_INFINITY;
          const fits = ordered.every((own, index) => {
            const last = ordered[index - 1];
            if (last !== undefined && !mayShare(last, own)) low += 1;
            if (!isKept(index)) return true;
            if (own.position < low) return false;
            low = own.position;
            return true;
          });
          if (fits) most = Math.max(most, ordered.filter((_, index) => isKept(index)).length);
        }
        expect(changed).toBe(ordered.length - most);
      }),
    );
  });

  test('into the middle of closely numbered ones two change at most, however often', () => {
    let tasks = createTasks(2_000);
    for (const [from, to] of [
      [1_999, 1_000],
      [20, 1_400],
      [1_500, 1_000],
      [3, 1_001],
      [1_700, 1_001],
      [1_001, 1_000],
      [1_999, 0],
    ] as const) {
      const own = tasks[from];
      const placed = place(tasks.toSpliced(from, 1).toSpliced(to, 0, ...(own ? [own] : [])));
      expect(placed.changed).toBeLessThanOrEqual(2);
      expect(placed.tasks.toSorted(comparePlaces)).toEqual(placed.tasks);
      ({ tasks } = placed);
    }
  });
});

test('where no two may share one, positions are what version 2 of the order made of them', () => {
  const at = (...positions: number[]) =>
    computePositions(positions.map((position, index) => ({ id: String(index), position })));
  expect(at(1, 2, 3, 9, 4, 5, 6)).toEqual(
    new Map([
      ['4', 41],
      ['5', 73],
      ['6', 105],
    ]),
  );
  expect(at(7, 1, 2, 40, 3, 4, 90)).toEqual(
    new Map([
      ['0', -31],
      ['4', 56],
      ['5', 73],
    ]),
  );
  expect(at(5, 5, 5, 12)).toEqual(
    new Map([
      ['0', -59],
      ['1', -27],
    ]),
  );
});

test('a rise is the longest in which nothing falls', () => {
  expect(findLongestRise([])).toEqual([]);
  expect(findLongestRise([3, 1, 1, 2, 0, 5])).toEqual([1, 2, 3, 5]);
});
