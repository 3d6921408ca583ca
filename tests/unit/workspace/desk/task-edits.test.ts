import { expect, onTestFinished, test } from 'vitest';
import {
  addOrganization,
  assignTestTask,
  openTestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

test('an edit of a task keeps what another manager renamed meanwhile, or says that it was not seen', async () => {
  const workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  onTestFinished(() => workspace.close());
  const organization = await addOrganization(workspace);
  const { seatId } = organization.owner.record;
  const taskId = await assignTestTask(workspace, organization);
  const { item } = await workspace.ask('task.get', { seatId, taskId });
  const seen = { title: item.title, estimateMinutes: item.estimateMinutes };
  await workspace.ask('task.edit', { seatId, taskId, patch: { title: 'Renamed' }, seen });
  await workspace.ask('task.edit', { seatId, taskId, patch: { estimateMinutes: 126 }, seen });
  expect((await workspace.ask('task.get', { seatId, taskId })).item).toMatchObject({
    title: 'Renamed',
    estimateMinutes: 126,
  });
  await workspace.ask('task.edit', { seatId, taskId, patch: { title: 'Mine' }, seen });
  const edits = await organization.owner.db
    .selectFrom('fieldEdits')
    .select(['field', 'nextJson', 'overwroteUnseen'])
    .where('rowId', '=', taskId)
    .orderBy('overwroteUnseen')
    .orderBy('field')
    .execute();
  expect(edits).toEqual([
    { field: 'estimateMinutes', nextJson: '126', overwroteUnseen: 0 },
    { field: 'title', nextJson: '"Renamed"', overwroteUnseen: 0 },
    { field: 'title', nextJson: '"Mine"', overwroteUnseen: 1 },
  ]);
});
