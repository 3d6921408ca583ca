import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  loadWorkedHours,
  loadWorkedSecondsOfAllTasks,
} from '../../../../src/main/workspace/work/worked-hours.ts';
import { getRowWriter } from '../../../../src/main/workspace/sync/row-writer.ts';
import { yieldToOthers } from '../../../../src/main/workspace/sync/turns.ts';
import {
  computeCoveredSeconds,
  computeWorkedSeconds,
} from '../../../../src/shared/domain/worked-time.ts';
import {
  addOrganization,
  assignTestTask,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-06T09:00:00.000Z' });
  organization = await addOrganization(workspace);
});
afterEach(() => workspace.close());

const at = (hour: number, minute = 0) =>
  `2026-03-03T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`;

/** What the stretches themselves come to, by the rules that the screens are held to. */
async function expectSums(seat = organization.intern): Promise<void> {
  const rows = await seat.db
    .selectFrom('timeEntries')
    .selectAll()
    .where('deletedAt', 'is', null)
    .execute();
  const engagements = Map.groupBy(rows, (row) => row.engagementId);
  expect(Object.fromEntries(await loadWorkedHours(seat))).toEqual(
    Object.fromEntries(
      [...engagements].map(([id, stretches]) => [
        id,
        {
          workedSeconds: computeWorkedSeconds(stretches),
          coveredSeconds: computeCoveredSeconds(stretches),
        },
      ]),
    ),
  );
  const tasks = Map.groupBy(rows, (row) => row.taskId);
  expect(Object.fromEntries(await loadWorkedSecondsOfAllTasks(seat))).toEqual(
    Object.fromEntries([...tasks].map(([id, stretches]) => [id, computeWorkedSeconds(stretches)])),
  );
}

test('hours are added up again wherever stretches came, changed or went, and stay where that was rolled back', async () => {
  const { intern } = organization;
  const { seatId } = intern.record;
  const [first, second] = [
    await assignTestTask(workspace, organization, { title: 'First' }),
    await assignTestTask(workspace, organization, { title: 'Second' }),
  ];
  await expectSums();
  const add = (taskId: string, startedAt: string, endedAt: string) =>
    workspace.ask('hours.add', { seatId, taskId, startedAt, endedAt });
  const { timeEntryId } = await add(first, at(9), at(10, 30));
  await add(first, at(10), at(11));
  await add(second, at(10, 15), at(10, 45));
  await expectSums();
  await workspace.ask('hours.edit', { seatId, timeEntryId, patch: { endedAt: at(12) } });
  await expectSums();
  await workspace.ask('hours.edit', { seatId, timeEntryId, patch: { taskId: second } });
  await expectSums();
  await workspace.ask('hours.delete', { seatId, timeEntryId, deleted: true });
  await expectSums();

  const before = Object.fromEntries(await loadWorkedHours(intern));
  await expect(
    intern.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('timeEntries').execute();
      throw new Error('not after all');
    }),
  ).rejects.toThrow('not after all');
  expect(Object.fromEntries(await loadWorkedHours(intern))).toEqual(before);
  await expectSums();

  // As rows come from the server: those that are here already, put in their places one after the other.
  const rows = await intern.db.selectFrom('timeEntries').selectAll().execute();
  const writer = getRowWriter(intern.opened.connection, 'timeEntries');
  for (const row of rows) writer.write({ ...row, endedAt: at(13), updatedAt: at(14) });
  await expectSums();

  // As when a scope leaves this person's sight.
  await intern.db.deleteFrom('timeEntries').execute();
  await expectSums();
  expect((await loadWorkedHours(intern)).size).toBe(0);
});

test('what changes while all hours are added up for the first time is in the sums, and nobody waits for their end', async () => {
  const { intern, owner } = organization;
  const taskId = await assignTestTask(workspace, organization);
  await workspace.ask('hours.add', {
    seatId: intern.record.seatId,
    taskId,
    startedAt: at(9),
    endedAt: at(10),
  });
  const entry = await intern.db.selectFrom('timeEntries').selectAll().executeTakeFirstOrThrow();
  // The other seat has not added up anything yet.
  const writer = getRowWriter(owner.opened.connection, 'timeEntries');
  const ids = Array.from({ length: 5000 }, () => workspace.workspace.ports.randomness.uuid());
  const addRows = (some: readonly string[], endedAt: string) =>
    owner.db.transaction().execute(async () => {
      for (const id of some) writer.write({ ...entry, id, endedAt });
    });
  await addRows(ids, at(11));

  let isOver = false;
  const first = loadWorkedHours(owner).finally(() => (isOver = true));
  const second = loadWorkedHours(owner);
  await yieldToOthers();
  await yieldToOthers();
  await addRows(ids.slice(0, 1), at(12));
  await addRows([workspace.workspace.ports.randomness.uuid()], at(13));
  await owner.db
    .deleteFrom('timeEntries')
    .where('id', '=', ids.at(-1) ?? '')
    .execute();
  expect(isOver).toBe(false);
  expect(await second).toEqual(await first);
  await expectSums(owner);
});
