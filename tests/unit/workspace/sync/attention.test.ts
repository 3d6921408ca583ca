import { expect, test } from 'vitest';
import {
  dismissChange,
  loadWaitedFor,
  sendAgain,
  undoDismissChange,
} from '../../../../src/main/workspace/sync/refused-changes.ts';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { catchStintError, settle, uuid, waitFor } from '../../../support/sync/test-installation.ts';
import { setUpPair } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

async function listStates(seat: Seat): Promise<Map<string, string>> {
  const rows = await seat.db.selectFrom('outboxStates').select(['mutationId', 'state']).execute();
  return new Map(rows.map(({ mutationId, state }) => [mutationId, state]));
}

function createEntry(taskId: string, note: string) {
  return {
    timeEntryId: uuid(),
    taskId,
    startedAt: '2026-05-04T09:00:00.000Z',
    endedAt: '2026-05-04T10:00:00.000Z',
    zone: 'Europe/Lisbon',
    source: 'manual' as const,
    note,
  };
}

/** One time entry at which the server stumbles, an edit of it, and others that get through. */
async function makeRefused() {
  const { employer, intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  scene.proxy.stumblesOver = 'poison';
  const entry = createEntry(task.taskId, 'poison');
  const refusedId = await intern.mutate('time.add', entry, { subject: 'one' });
  const heldId = await intern.mutate(
    'time.edit',
    { timeEntryId: entry.timeEntryId, patch: { note: 'edited' }, seen: {} },
    { subject: 'one' },
  );
  const flowingId = await intern.mutate('time.add', createEntry(task.taskId, 'good'), {
    subject: 'two',
  });
  await waitFor('the refusal', async () => {
    // It is set aside only after rounds in which others got through.
    await intern.mutate('time.add', createEntry(task.taskId, 'another'), { subject: 'more' });
    scene.laptop.sync.kick();
    await waitFor('the end of a round', async () => {
      const states = [...(await listStates(intern)).values()];
      return states.filter((state) => state === 'pending').length <= 2;
    });
    return (await listStates(intern)).get(refusedId) === 'rejected';
  });
  return { employer, intern, entry, refusedId, heldId, flowingId };
}

test('SY-7 what waits for a refused change names it, and everything else got through', async () => {
  const { intern, refusedId, heldId, flowingId } = await makeRefused();
  const states = await listStates(intern);
  expect(states.get(heldId)).toBe('held');
  expect(await loadWaitedFor(intern)).toEqual(new Map([[heldId, refusedId]]));
  await waitFor('the other entry', async () =>
    ['applied', 'settled'].includes((await listStates(intern)).get(flowingId) ?? ''),
  );
});

test('SY-7 what was taken off the list comes back as what it was, and only once', async () => {
  const { intern, refusedId } = await makeRefused();
  const previousState = await dismissChange(intern, refusedId);
  expect(previousState).toBe('rejected');
  expect((await listStates(intern)).get(refusedId)).toBe('dismissed');
  await undoDismissChange(intern, refusedId, previousState);
  expect((await listStates(intern)).get(refusedId)).toBe('rejected');
  scene.proxy.stumblesOver = undefined;
  await sendAgain(intern, refusedId, undefined);
  await undoDismissChange(intern, refusedId, 'rejected');
  expect((await listStates(intern)).get(refusedId)).toBe('replaced');
});

test('SY-7 edited and sent again, it arrives with what was held behind it', async () => {
  const { employer, intern, entry, refusedId } = await makeRefused();
  scene.proxy.stumblesOver = undefined;
  await sendAgain(intern, refusedId, { ...entry, note: 'harmless' });
  await settle(scene.laptop);
  await settle(scene.desk);
  const row = await employer.db
    .selectFrom('timeEntries')
    .select('note')
    .where('id', '=', entry.timeEntryId)
    .executeTakeFirst();
  expect(row).toEqual({ note: 'edited' });
});

test('SY-7 what the rules refuse of an edit leaves the change on the list', async () => {
  const { intern, entry, refusedId } = await makeRefused();
  const error = await catchStintError(() =>
    sendAgain(intern, refusedId, { ...entry, endedAt: '2026-05-04T08:00:00.000Z' }),
  );
  expect(error).toMatchObject({ code: 'invalid_input', field: 'endedAt' });
  expect((await listStates(intern)).get(refusedId)).toBe('rejected');
});

test('SY-7 a change is sent again once, however often that is asked for at once', async () => {
  const { intern, entry, refusedId } = await makeRefused();
  scene.proxy.stumblesOver = undefined;
  const edit = { timeEntryId: entry.timeEntryId, patch: { note: 'once' }, seen: {} };
  await sendAgain(intern, refusedId, undefined);
  const editId = await intern.mutate('time.edit', edit, { subject: 'one' });
  await settle(scene.laptop);
  const setState = async (state: 'rejected' | 'quarantined') =>
    await intern.db
      .updateTable('outboxStates')
      .set({ state })
      .where('mutationId', '=', editId)
      .execute();
  await setState('rejected');
  const asked = await Promise.allSettled([
    sendAgain(intern, editId, undefined),
    sendAgain(intern, editId, undefined),
  ]);
  expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(asked.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'not_found' },
  });
  // What the employer decides on would be there twice.
  await setState('quarantined');
  expect(await catchStintError(() => sendAgain(intern, editId, undefined))).toMatchObject({
    code: 'refused',
  });
  expect((await listStates(intern)).get(editId)).toBe('quarantined');
});

test('what waits is not counted anew whenever somebody asks: it may be a million changes', async () => {
  const { intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  scene.proxy.isDown = true;
  await intern.mutate('time.add', createEntry(task.taskId, 'offline'), { subject: 'one' });
  const ask = async () => await scene.laptop.sync.computeSeatSync(intern.record.seatId);
  expect((await ask()).waitingChanges).toBe(1);
  intern.opened.connection.exec(
    `update "outboxCounts" set "count" = 1000000 where "state" = 'pending'`,
  );
  expect((await ask()).waitingChanges).toBe(1_000_000);
});
