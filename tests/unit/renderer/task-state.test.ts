import { expect, test } from 'vitest';
import { isOpenForWork } from '../../../src/renderer/features/tasks/task-state.tsx';
import { taskStates } from '../../../src/shared/domain/task-state.ts';

const listOpen = (isEngagementOver: boolean) =>
  taskStates.filter((state) => isOpenForWork({ state, isEngagementOver }));

test('a task is open for work until the engagement has ended', () => {
  expect(listOpen(false)).toEqual(['to_do', 'in_progress', 'changes_requested']);
  expect(listOpen(true)).toEqual([]);
});
