import { expect, test } from 'vitest';
import { describeNews, isOpenForWork } from '../../../src/renderer/features/tasks/task-state.tsx';
import { taskStates } from '../../../src/shared/domain/task-state.ts';

const listOpen = (isEngagementOver: boolean) =>
  taskStates.filter((state) => isOpenForWork({ state, isEngagementOver }));

test('a task is open for work until the engagement has ended', () => {
  expect(listOpen(false)).toEqual(['to_do', 'in_progress', 'changes_requested']);
  expect(listOpen(true)).toEqual([]);
});

test('a task that was opened before is not new when its brief changes', () => {
  const untouched = { state: 'to_do', workedSeconds: 0 } as const;
  expect(describeNews({ ...untouched, isOpened: false })).toBe('new');
  expect(describeNews({ ...untouched, isOpened: true })).toBe('brief changed');
  expect(describeNews({ ...untouched, workedSeconds: 60, isOpened: false })).toBe('brief changed');
});
