import { afterEach, beforeEach, expect, test } from 'vitest';
import { dispatch } from '../../../../src/main/workspace/engine/dispatch.ts';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { getRowWriter } from '../../../../src/main/workspace/sync/row-writer.ts';
import { loadWorkedHours } from '../../../../src/main/workspace/work/worked-hours.ts';
import type { RequestInput, RequestName } from '../../../../src/shared/contract/contract.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-06T09:00:00.000Z' });
  organization = await addOrganization(workspace);
  const taskId = await assignTestTask(workspace, organization);
  const { intern, owner } = organization;
  await workspace.ask('hours.add', {
    seatId: intern.record.seatId,
    taskId,
    startedAt: '2026-03-02T07:00:00.000Z',
    endedAt: '2026-03-02T08:00:00.000Z',
    note: '',
  });
  await carryRows(intern, owner);
  for (const seat of [intern, owner]) {
    await multiply(seat, 'tasks', 400);
    await multiply(seat, 'timeEntries', 400);
    await loadWorkedHours(seat);
  }
});
afterEach(() => workspace.close());

/** So many more rows like the first. */
async function multiply(seat: Seat, table: 'tasks' | 'timeEntries', count: number): Promise<void> {
  const row = await seat.db
    .selectFrom(table as 'tasks')
    .selectAll()
    .executeTakeFirstOrThrow();
  const writer = getRowWriter(seat.opened.connection, table);
  await seat.db.transaction().execute(async () => {
    for (let index = 0; index < count; index += 1)
      writer.write({ ...row, id: workspace.workspace.ports.randomness.uuid() });
  });
}

/** How often others got a turn until it was answered. */
async function countTurns<Name extends RequestName>(
  name: Name,
  input: RequestInput<Name>,
): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await dispatch(workspace.workspace, name, input, 'local');
  isOver = true;
  return turns;
}

test('others have their turn while the lists of many tasks are read', async () => {
  const seatId = organization.owner.record.seatId;
  const own = organization.intern.record.seatId;
  expect(await countTurns('today.get', { seatId: own })).toBeGreaterThan(3);
  expect(await countTurns('tasks.list', { seatId, limit: 1000 })).toBeGreaterThan(3);
  expect(await countTurns('overview.get', { seatId })).toBeGreaterThan(3);
  expect(await countTurns('projects.list', { seatId })).toBeGreaterThan(3);
});
