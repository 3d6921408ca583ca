import { expect, test } from 'vitest';
import { openTestInstallation as open } from '../../../support/sync/test-installation.ts';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { listDispensable } from '../../../../src/main/workspace/sync/known-heads.ts';
import { computeCanonicalJson } from '../../../../src/shared/canonical-json.ts';
import {
  heldAnchorSchema,
  timeAnchorStatementSchema,
} from '../../../../src/shared/domain/time-anchor.ts';
import { endpoints } from '../../../../src/shared/protocol/endpoints.ts';
import { ports, settle, uuid, waitFor } from '../../../support/sync/test-installation.ts';
import {
  assignTask,
  inviteToProject,
  setUpPair,
  signInAgain,
  submit,
} from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

const refusal = {
  status: 400,
  body: { error: { code: 'protocol_unsupported', message: 'another version' } },
};

const listStates = async (seat: Seat) =>
  (await seat.db.selectFrom('outboxStates').select('state').orderBy('deviceSeq').execute()).map(
    (row) => row.state,
  );

async function writeNote(seat: Seat, taskId: string, note: string): Promise<void> {
  await seat.mutate('draft.writeNote', { taskId, note }, { subject: 'note' });
}

async function addTime(seat: Seat, taskId: string, note: string): Promise<void> {
  await seat.mutate(
    'time.add',
    {
      timeEntryId: uuid(),
      taskId,
      startedAt: '2026-05-04T09:00:00.000Z',
      endedAt: '2026-05-04T09:30:00.000Z',
      zone: 'Europe/Lisbon',
      source: 'manual',
      note,
    },
    { subject: note },
  );
}

const computeSync = (seat: Seat) => scene.laptop.sync.computeSeatSync(seat.record.seatId);

test('SY-20 where the server asks for a newer program, pulling rests, and what is done is sent all the same', async () => {
  const { employer, intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  scene.proxy.answers.set('/pull', refusal);
  scene.laptop.sync.kick();
  await waitFor('the state', async () => (await computeSync(intern)).state === 'update_needed');
  for (const note of ['first', 'second']) {
    await addTime(intern, task.taskId, note);
    await waitFor('the change at the desk', async () => {
      const rows = await employer.db.selectFrom('timeEntries').select('note').execute();
      return rows.some((row) => row.note === note);
    });
  }
  await waitFor('the end of the round', async () => {
    const { state, lastProblem } = await computeSync(intern);
    return state === 'update_needed' && lastProblem?.includes('This Stint has to be updated');
  });
  expect(await listStates(intern)).toEqual(['applied', 'applied']);
  // After the update all is as before.
  scene.proxy.answers.clear();
  await settle(scene.laptop);
  expect(await listStates(intern)).toEqual(['settled', 'settled']);
  expect((await computeSync(intern)).state).toBe('saved');
});

test('SY-20 where the server is the older one, that is what the person reads', async () => {
  const { intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  for (const end of ['/pull', '/push']) scene.proxy.answers.set(end, refusal);
  scene.proxy.answers.set('/api/v1/server', {
    status: 200,
    body: { product: 'stint', version: '0.0.1', protocol: 1, name: 'Old', signup: 'open' },
  });
  await writeNote(intern, task.taskId, 'kept until then');
  await waitFor('the state', async () => (await computeSync(intern)).state === 'update_needed');
  expect((await computeSync(intern)).lastProblem).toContain('The server has to be updated');
  expect(await listStates(intern)).toEqual(['pending']);
  scene.proxy.answers.clear();
  await settle(scene.laptop);
});

test('SY-20 a change that an older server does not know waits for its update, and holds back no other', async () => {
  const { intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  scene.proxy.isDown = true;
  await writeNote(intern, task.taskId, 'of a newer kind');
  scene.proxy.answers.set('/push', {
    status: 200,
    body: {
      results: [
        {
          id: (await intern.db.selectFrom('outbox').select('id').executeTakeFirstOrThrow()).id,
          status: 'rejected',
          repeated: false,
          seq: null,
          code: 'protocol_unsupported',
          message: 'unknown',
          field: null,
        },
      ],
      head: { seq: 0, hash: '' },
    },
  });
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  await waitFor('the answer', async () => {
    const row = await intern.db.selectFrom('outboxStates').select('message').executeTakeFirst();
    return row?.message?.includes('once the server has been updated');
  });
  expect(await listStates(intern)).toEqual(['pending']);
  scene.proxy.answers.clear();
  await addTime(intern, task.taskId, 'another');
  await settle(scene.laptop);
  await waitFor('both', async () => (await listStates(intern)).every((s) => s === 'settled'));
});

test('SY-10 a session that ends in the middle of sending loses nothing, and all goes on after a sign-in', async () => {
  const { intern, task, internEmail } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  scene.proxy.isDown = true;
  for (let index = 0; index < 700; index += 1)
    await writeNote(intern, task.taskId, `note ${index}`);
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  await waitFor('the first batch', async () => (await listStates(intern)).includes('applied'));
  // The employer's revocation, or the end of its time: to the device it is the same.
  const client = await scene.laptop.accounts.findClient(intern.record.accountKey);
  await client?.delete(endpoints.session);
  await addTime(intern, task.taskId, 'the last change');
  await waitFor('the state', async () => (await computeSync(intern)).state === 'signed_out');
  const states = await listStates(intern);
  expect(states).toHaveLength(701);
  expect(states.filter((state) => !['pending', 'applied', 'settled'].includes(state))).toEqual([]);
  expect(states).toContain('pending');
  await signInAgain(scene.laptop, scene.proxy.url, internEmail);
  scene.laptop.sync.adopt(intern.record.seatId);
  await settle(scene.laptop, 30_000);
  expect(new Set(await listStates(intern))).toEqual(new Set(['settled']));
  await settle(scene.desk);
}, 60_000);

test('SY-10 an intern who was moved to another engagement while offline finds the new one, and loses nothing', async () => {
  const { employer, intern, employment, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  scene.proxy.isDown = true;
  await addTime(intern, task.taskId, 'done before it was known');
  await employer.mutate(
    'engagement.withdraw',
    { engagementId: employment.engagementId },
    { subject: 'Ines' },
  );
  const next = await inviteToProject(employer);
  await settle(scene.desk);
  // She accepts on another device.
  const phone = await open(`${scene.folder}/phone`);
  const onPhone = await signInAgain(phone, scene.server.url, intern.record.email);
  await phone.accounts.acceptInvitation(onPhone.record.accountKey, next.code);
  await phone.close();
  await settle(scene.desk);
  await assignTask(employer, next.engagementId, { title: 'In the new one' });
  await settle(scene.desk);
  scene.proxy.isDown = false;
  await settle(scene.laptop);
  await settle(scene.desk);
  const tasks = await intern.db.selectFrom('tasks').select('title').execute();
  expect(tasks.map((row) => row.title)).toEqual(['In the new one']);
  const scopes = await intern.db.selectFrom('scopeCursors').select('scope').execute();
  expect(scopes.map((row) => row.scope)).toContain(`engagement:${next.engagementId}`);
  expect(scopes.map((row) => row.scope)).not.toContain(`engagement:${employment.engagementId}`);
  const entries = await employer.db.selectFrom('timeEntries').select('note').execute();
  expect(entries.map((row) => row.note)).toEqual(['done before it was known']);
  expect(await listStates(intern)).toEqual(['settled']);
});

test('SY-10 what is quarantined is asked about again, and the decision follows', async () => {
  const { employer, intern, task } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  scene.proxy.isDown = true;
  await submit(intern, task, { note: 'after the end' });
  await addTime(intern, task.taskId, 'after the end as well');
  await employer.mutate(
    'member.remove',
    { membershipId: intern.record.membershipId, reason: null },
    { subject: 'Ines' },
  );
  await settle(scene.desk);
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  await waitFor('the quarantine', async () =>
    (await listStates(intern)).every((state) => state === 'quarantined'),
  );
  await settle(scene.desk);
  const held = await waitFor('the changes at the desk', async () => {
    scene.desk.sync.kick();
    const rows = await employer.db.selectFrom('quarantinedChanges').selectAll().execute();
    return rows.length === 2 && rows;
  });
  for (const { id, name } of held)
    await (name === 'submission.create'
      ? employer.mutate('quarantine.accept', { id }, { subject: 'work' })
      : employer.mutate('quarantine.decline', { id, reason: 'not agreed' }, { subject: 'time' }));
  await settle(scene.desk);
  // A run of the program that begins asks about everything again, as each safety round does.
  await scene.laptop.close();
  scene.laptop = await open(scene.laptop.folder);
  scene.laptop.sync.start();
  const [seat] = scene.laptop.seats.list();
  if (seat === undefined) throw new Error('no seat');
  await waitFor('the decisions', async () => {
    const states = await listStates(seat);
    return states[0] === 'settled' && states[1] === 'rejected';
  });
  const [, declined] = await seat.db.selectFrom('outboxStates').selectAll().execute();
  expect(declined?.message).toContain('not agreed');
});

test('SY-17 work that is handed in carries the newest anchor, within the chain of hashes', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  await submit(intern, task);
  await writeNote(intern, task.taskId, 'carries none');
  const [handedIn, note] = await intern.db.selectFrom('outbox').selectAll().execute();
  if (handedIn === undefined || note === undefined) throw new Error('no rows');
  const anchor = heldAnchorSchema.parse(JSON.parse(handedIn.anchorJson ?? 'null'));
  const statement = timeAnchorStatementSchema.parse(JSON.parse(anchor.statementJson));
  expect(statement).toMatchObject({ orgId: intern.record.orgId, seq: handedIn.baseSeq });
  expect(anchor.elapsedMs).toBeGreaterThanOrEqual(0);
  const { rowHash, ...content } = handedIn;
  expect(ports.sha256Hex(computeCanonicalJson(content))).toBe(rowHash);
  expect(note.previousHash).toBe(rowHash);
  const { rowHash: noteHash, anchorJson, ...plain } = note;
  expect(anchorJson).toBeNull();
  expect(ports.sha256Hex(computeCanonicalJson(plain))).toBe(noteHash);
  // Of another run of the machine nothing can be said of the time between.
  await intern.db.updateTable('heldAnchors').set({ bootId: 'an earlier run' }).execute();
  await submit(intern, task, { note: 'once more' });
  const [later] = await intern.db
    .selectFrom('outbox')
    .select('anchorJson')
    .orderBy('deviceSeq', 'desc')
    .limit(1)
    .execute();
  expect(heldAnchorSchema.parse(JSON.parse(later?.anchorJson ?? 'null')).elapsedMs).toBeNull();
  await settle(scene.laptop);
});

test('SY-15 of the heads that were reached the newest and the oldest stay, ever further apart with age', () => {
  let kept: number[] = [];
  for (let seq = 1; seq <= 5000; seq += 1) {
    kept = [seq, ...kept];
    const dropped = new Set(listDispensable(kept, 64));
    kept = kept.filter((known) => !dropped.has(known));
  }
  expect(kept).toHaveLength(64);
  expect(kept[0]).toBe(5000);
  expect(kept.at(-1)).toBe(1);
  const gaps = kept.slice(1).map((seq, index) => (kept[index] ?? 0) - seq);
  expect(gaps.slice(0, 4)).toEqual([1, 1, 1, 1]);
  // However old the common point is, no more than a part of what came after it is sent for nothing.
  for (const [index, gap] of gaps.entries()) {
    const age = 5000 - (kept[index + 1] ?? 0);
    if (age > 20) expect(gap).toBeLessThan(age / 2);
  }
});
