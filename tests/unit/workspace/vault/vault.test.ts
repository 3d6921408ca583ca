import { expect, test } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { findKeptFile } from '../../../../src/main/workspace/vault/find-kept-file.ts';
import { keepUnsentWork } from '../../../../src/main/workspace/sync/lost-access.ts';
import {
  type VaultContent,
  vaultContentSchema,
} from '../../../../src/main/workspace/vault/vault-content.ts';
import type { ManifestFile } from '../../../../src/shared/domain/manifest.ts';
import {
  openTestInstallation,
  settle,
  uuid,
  waitFor,
} from '../../../support/sync/test-installation.ts';
import { type Pair, setUpPair, submit } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function makeFile(name: string, text: string): Promise<ManifestFile> {
  const stored = await scene.laptop.files.importStream(streamOf(text));
  return { attachmentId: uuid(), name, mediaType: 'text/plain', ...stored };
}

const removeIntern = async ({ employer, intern }: Pair): Promise<void> => {
  const { membershipId } = intern.record;
  await employer.mutate('member.remove', { membershipId, reason: null }, { subject: 'Ines' });
  await settle(scene.desk);
};

async function listVault(seat: Seat): Promise<VaultContent[]> {
  const rows = await seat.db.selectFrom('vaultItems').selectAll().execute();
  return rows.map(({ contentJson }) => vaultContentSchema.parse(JSON.parse(contentJson)));
}

const listStates = async (seat: Seat): Promise<Record<string, string[]>> => {
  const rows = await seat.db
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .select(['name', 'state'])
    .orderBy('outbox.deviceSeq')
    .execute();
  const states: Record<string, string[]> = {};
  for (const { name, state } of rows) (states[name] ??= []).push(state);
  return states;
};

/** The intern writes into the draft, hands something in and records time, while there is no line. */
async function workOffline({ intern, task }: Pair): Promise<{ file: ManifestFile }> {
  const file = await makeFile('Findings.txt', 'twelve shops');
  const { taskId, criterionIds } = task;
  const subject = 'Survey prices';
  await intern.mutate('draft.writeNote', { taskId, note: 'Written offline' }, { subject });
  const criterionId = criterionIds[0] ?? '';
  await intern.mutate('draft.tickCriterion', { taskId, criterionId, ticked: true }, { subject });
  await intern.mutate('draft.attach', { taskId, file }, { subject });
  await submit(intern, task, {
    note: 'Handed in offline',
    files: [{ ...file, attachmentId: uuid() }],
  });
  await intern.mutate(
    'time.add',
    {
      timeEntryId: uuid(),
      taskId,
      startedAt: '2026-05-04T09:00:00.000Z',
      endedAt: '2026-05-04T10:00:00.000Z',
      zone: 'Europe/Lisbon',
      source: 'manual',
      note: 'offline',
    },
    { subject },
  );
  return { file };
}

async function loseAccessOffline(): Promise<Pair & { file: ManifestFile }> {
  const pair = await setUpPair(scene.desk, scene.laptop, scene.server.url, scene.proxy.url);
  scene.proxy.isDown = true;
  const { file } = await workOffline(pair);
  await removeIntern(pair);
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  await waitFor('the end of access', async () => {
    const { accessLostAt } = await pair.intern.db
      .selectFrom('seatState')
      .select('accessLostAt')
      .executeTakeFirstOrThrow();
    return accessLostAt !== null;
  });
  return { ...pair, file };
}

test('SY-10 when access has ended, draft, ticks, files and unsent work are in the vault, and nothing mirrored is left', async () => {
  const { intern, file } = await loseAccessOffline();
  const [item, ...others] = await listVault(intern);
  expect(others).toEqual([]);
  expect(item).toMatchObject({
    organization: 'Acorn',
    project: 'Market research',
    task: 'Survey prices',
    note: 'Written offline',
    noteOnServer: '',
    files: [file],
  });
  expect(item?.criteria.map(({ isTicked }) => isTicked)).toEqual([true, false]);
  expect(item?.unsent.map(({ name }) => name)).toEqual(['submission.create', 'time.add']);
  expect(item?.instructions).toContain('Look at twelve shops');
  expect(await intern.db.selectFrom('tasks').select('id').execute()).toEqual([]);
  expect(await findKeptFile(intern, file.attachmentId)).toEqual(file);
  expect(await scene.laptop.files.has(file.sha256)).toBe(true);
});

test('SY-10 all kinds of unsent hours are in the vault, under the task that they are about', async () => {
  const pair = await setUpPair(scene.desk, scene.laptop, scene.server.url, scene.proxy.url);
  const { intern, task } = pair;
  const { taskId } = task;
  const subject = 'hours';
  const { engagementId } = await intern.db
    .selectFrom('tasks')
    .select('engagementId')
    .executeTakeFirstOrThrow();
  scene.proxy.isDown = true;
  const [timeEntryId, restId] = [uuid(), uuid()];
  const entry = {
    taskId,
    startedAt: '2026-05-04T09:00:00.000Z',
    endedAt: '2026-05-04T10:00:00.000Z',
    zone: 'Europe/Lisbon',
    source: 'timer' as const,
    note: 'offline',
  };
  await intern.mutate('time.import', { ...entry, timeEntryId }, { subject });
  const between = '2026-05-04T09:30:00.000Z';
  await intern.mutate(
    'time.rearrange',
    {
      kind: 'split',
      changes: [{ timeEntryId, patch: { endedAt: between }, seen: {} }],
      additions: [{ ...entry, timeEntryId: restId, startedAt: between, originId: timeEntryId }],
    },
    { subject },
  );
  await intern.mutate(
    'timesheet.submit',
    {
      timesheetId: uuid(),
      engagementId,
      kind: 'period',
      startsOn: '2026-05-04',
      endsOn: '2026-05-10',
      zone: 'Europe/Lisbon',
      startsAt: '2026-05-03T23:00:00.000Z',
      endsAt: '2026-05-10T23:00:00.000Z',
      taskId: null,
      submissionId: null,
      note: '',
      timeEntryIds: [timeEntryId, restId],
    },
    { subject },
  );
  const change = {
    kind: 'edit' as const,
    args: { timeEntryId, patch: { note: 'and more' }, seen: {} },
  };
  await intern.mutate(
    'timeChange.request',
    { requestId: uuid(), change, reason: 'forgotten' },
    { subject },
  );
  await removeIntern(pair);
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  const [item] = await waitFor('the vault', async () => {
    const items = await listVault(intern);
    return items.length > 0 && items;
  });
  expect(item?.task).toBe('Survey prices');
  expect(item?.unsent.map(({ name }) => name)).toEqual([
    'time.import',
    'time.rearrange',
    'timesheet.submit',
    'timeChange.request',
  ]);
});

test('SY-10 when the account was closed from another computer, all that this one had not sent is kept here', async () => {
  const pair = await setUpPair(scene.desk, scene.laptop, scene.server.url, scene.proxy.url);
  const { intern } = pair;
  scene.proxy.isDown = true;
  const { file } = await workOffline(pair);
  const other = await openTestInstallation(`${scene.folder}/other`);
  const password = 'correct horse battery';
  try {
    const choice = { kind: 'existing', email: intern.record.email, password } as const;
    const { accountKey } = await other.accounts.enter(scene.server.url, choice, {
      deviceName: 'Other',
    });
    const request = { password, asksErasure: false };
    await other.accounts.closeAccount(accountKey, request);
    // As after an answer that got lost.
    await other.accounts.closeAccount(accountKey, request);
  } finally {
    await other.close();
  }
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  await waitFor('the end of the account', async () => {
    const { accountClosedAt } = await intern.db
      .selectFrom('seatState')
      .select('accountClosedAt')
      .executeTakeFirstOrThrow();
    return accountClosedAt !== null;
  });
  expect(await listVault(intern)).toMatchObject([
    {
      note: 'Written offline',
      files: [file],
      unsent: [{ name: 'submission.create' }, { name: 'time.add' }],
    },
  ]);
  expect(await listStates(intern)).toMatchObject({
    'submission.create': ['kept'],
    'time.add': ['kept'],
  });
  expect(await intern.db.selectFrom('tasks').select('id').execute()).toEqual([]);
  // Nobody is asked to sign in to what is no more.
  const { state } = await scene.laptop.sync.computeSeatSync(intern.record.seatId);
  expect(state).toBe('attention');
});

test('SY-10 work done offline waits with the employer, and what the server does not take is kept', async () => {
  const { intern, employer } = await loseAccessOffline();
  const states = await listStates(intern);
  expect(states['submission.create']).toEqual(['quarantined']);
  expect(states['time.add']).toEqual(['quarantined']);
  expect(states['draft.writeNote']).toEqual(['kept']);
  await settle(scene.desk);
  const held = await employer.db
    .selectFrom('quarantinedChanges')
    .select(['name', 'state'])
    .execute();
  expect(held).toHaveLength(2);
  await waitFor('the file of the quarantined work on the server', async () => {
    const waiting = await intern.db
      .selectFrom('uploads')
      .select('sha256')
      .where('finishedAt', 'is', null)
      .execute();
    return waiting.length === 0;
  });
});

const listWaitingUploads = async (seat: Seat): Promise<string[]> => {
  const rows = await seat.db
    .selectFrom('uploads')
    .select('sha256')
    .where('finishedAt', 'is', null)
    .execute();
  return rows.map(({ sha256 }) => sha256);
};

test('SY-10 the files of work that was still to be sent when access was found to have ended reach the employer', async () => {
  const pair = await setUpPair(scene.desk, scene.laptop, scene.server.url, scene.proxy.url);
  const { intern } = pair;
  scene.proxy.isDown = true;
  const { file } = await workOffline(pair);
  const other = await makeFile('Plan.txt', 'of the draft alone');
  const { taskId } = pair.task;
  await intern.mutate('draft.attach', { taskId, file: other }, { subject: 'Survey prices' });
  await removeIntern(pair);
  // Handed in after the push of the round whose pull was refused.
  await keepUnsentWork(intern, 'pull', '2026-05-04T11:00:00.000Z');
  expect(await listWaitingUploads(intern)).toEqual([file.sha256]);
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  const uploads = await waitFor('the file on the server', async () => {
    if ((await listWaitingUploads(intern)).length > 0) return false;
    return await intern.db.selectFrom('uploads').select(['sha256', 'finishedAt']).execute();
  });
  expect(uploads).toEqual([{ sha256: file.sha256, finishedAt: expect.any(String) as string }]);
  expect((await listStates(intern))['submission.create']).toEqual(['quarantined']);
});

/** Work waits for the employer, and a file of it is neither here nor on the server. */
async function quarantineWithoutFile(): Promise<Pair> {
  const pair = await setUpPair(scene.desk, scene.laptop, scene.server.url, scene.proxy.url);
  const { intern } = pair;
  scene.proxy.isDown = true;
  const { file } = await workOffline(pair);
  await scene.laptop.files.remove(file.sha256);
  await removeIntern(pair);
  scene.proxy.isDown = false;
  scene.laptop.sync.kick();
  await waitFor(
    'the quarantine',
    async () => (await listStates(intern))['submission.create']?.[0] === 'quarantined',
  );
  expect(await listWaitingUploads(intern)).toEqual([file.sha256]);
  return pair;
}

test('SY-10 once the account was closed, files of work that waits for the employer wait for nothing any more', async () => {
  const { intern } = await quarantineWithoutFile();
  await scene.laptop.sync.stop();
  await keepUnsentWork(intern, 'account_closed', '2026-05-04T12:00:00.000Z');
  expect(await listWaitingUploads(intern)).toEqual([]);
});

test('SY-10 once the employer has declined work, its files wait for nothing any more', async () => {
  const { employer } = await quarantineWithoutFile();
  await settle(scene.desk);
  const held = await employer.db.selectFrom('quarantinedChanges').select('id').execute();
  for (const { id } of held)
    await employer.mutate('quarantine.decline', { id, reason: 'not agreed' }, { subject: 'work' });
  await settle(scene.desk);
  await scene.laptop.close();
  scene.laptop = await openTestInstallation(`${scene.folder}/laptop`);
  scene.laptop.sync.start();
  const [again] = scene.laptop.seats.list();
  if (again === undefined) throw new Error('the seat is gone');
  await waitFor(
    'the decision',
    async () => (await listStates(again))['submission.create']?.[0] === 'rejected',
  );
  expect(await listWaitingUploads(again)).toEqual([]);
});

test('SY-10 what the employer decides comes back as the answer, without access', async () => {
  const { intern, employer } = await loseAccessOffline();
  await settle(scene.desk);
  const held = await employer.db.selectFrom('quarantinedChanges').select(['id', 'name']).execute();
  for (const { id, name } of held)
    if (name === 'submission.create')
      await employer.mutate('quarantine.accept', { id }, { subject: 'work' });
    else
      await employer.mutate(
        'quarantine.decline',
        { id, reason: 'not agreed' },
        { subject: 'time' },
      );
  await settle(scene.desk);
  const [submission] = await employer.db.selectFrom('submissions').selectAll().execute();
  expect(submission).toMatchObject({ revision: 1, note: 'Handed in offline' });
  expect(JSON.parse(submission?.marksJson ?? '[]')).toContain('engagement_ended');
  await scene.laptop.close();
  scene.laptop = await openTestInstallation(`${scene.folder}/laptop`);
  const again = scene.laptop.seats.list()[0];
  expect(again?.record.seatId).toBe(intern.record.seatId);
  scene.laptop.sync.start();
  await waitFor('the decisions', async () => {
    if (again === undefined) return false;
    const states = await listStates(again);
    return states['submission.create']?.[0] === 'settled' && states['time.add']?.[0] === 'rejected';
  });
});

test('SY-10 an engagement that is withdrawn leaves its draft in the vault, and the rest of the organization stays', async () => {
  const pair = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const { employer, intern, employment, task } = pair;
  await intern.mutate(
    'draft.writeNote',
    { taskId: task.taskId, note: 'Half done' },
    { subject: 'Survey prices' },
  );
  await settle(scene.laptop);
  const { engagementId } = employment;
  await employer.mutate('engagement.withdraw', { engagementId }, { subject: 'Ines' });
  await settle(scene.desk);
  await waitFor('the vault', async () => (await listVault(intern)).length > 0);
  const [item] = await listVault(intern);
  expect(item).toMatchObject({ note: 'Half done', noteOnServer: 'Half done', unsent: [] });
  expect(await intern.db.selectFrom('organizations').select('name').execute()).toEqual([
    { name: 'Acorn' },
  ]);
  const { accessLostAt } = await intern.db
    .selectFrom('seatState')
    .select('accessLostAt')
    .executeTakeFirstOrThrow();
  expect(accessLostAt).toBeNull();
});

test('SY-10 when a task is in sight again, its draft is put back, unless something newer is there', async () => {
  const pair = await setUpPair(scene.desk, scene.laptop, scene.server.url, scene.proxy.url);
  const { intern, task } = pair;
  const { taskId } = task;
  const file = await makeFile('Plan.txt', 'a plan');
  const content: VaultContent = {
    format: 'stint-vault-item',
    version: 1,
    organization: 'Acorn',
    project: 'Market research',
    task: 'Survey prices',
    instructions: '',
    criteria: task.criterionIds.map((id, index) => ({ id, text: 'x', isTicked: index === 0 })),
    note: 'From before',
    noteOnServer: '',
    files: [file],
    unsent: [],
  };
  const put = () =>
    intern.db
      .insertInto('vaultItems')
      .values({
        vaultId: taskId,
        taskId,
        taskTitle: 'Survey prices',
        projectTitle: 'Market research',
        contentJson: JSON.stringify(content),
        movedAt: '2026-05-04T10:00:00.000Z',
        exportedAt: null,
      })
      .execute();
  await put();
  scene.laptop.sync.kick();
  await waitFor('the draft', async () => (await listVault(intern)).length === 0);
  await settle(scene.laptop);
  const draft = await intern.db.selectFrom('drafts').selectAll().executeTakeFirstOrThrow();
  expect(draft).toMatchObject({
    note: 'From before',
    tickedJson: JSON.stringify([task.criterionIds[0]]),
  });
  expect(
    await intern.db
      .selectFrom('attachments')
      .select('name')
      .where('ownerId', '=', taskId)
      .execute(),
  ).toEqual([{ name: 'Plan.txt' }]);

  await intern.mutate('draft.writeNote', { taskId, note: 'Newer' }, { subject: 'Survey prices' });
  await put();
  scene.laptop.sync.kick();
  await settle(scene.laptop);
  const kept = await intern.db.selectFrom('drafts').select('note').executeTakeFirstOrThrow();
  expect(kept.note).toBe('Newer');
  expect(await listVault(intern)).toHaveLength(1);
});
