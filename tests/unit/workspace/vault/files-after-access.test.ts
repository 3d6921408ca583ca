import { expect, test } from 'vitest';
import { settle, uuid, waitFor } from '../../../support/sync/test-installation.ts';
import { type Pair, setUpPair, submit } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

/** Work was handed in and has come back, but for its file; then access ended. */
async function endAccessBeforeFile(): Promise<Pair & { readonly sha256: string }> {
  const pair = await setUpPair(scene.desk, scene.laptop, scene.server.url, scene.proxy.url);
  const { employer, intern, task } = pair;
  scene.proxy.stumblesAt = '/files/';
  const stored = await scene.laptop.files.importStream(
    (async function* () {
      yield Buffer.from('twelve shops');
    })(),
  );
  const file = { attachmentId: uuid(), name: 'Findings.txt', mediaType: 'text/plain', ...stored };
  await submit(intern, task, { note: 'Done', files: [file] });
  scene.laptop.sync.kick();
  await waitFor('the submission', async () =>
    intern.db
      .selectFrom('submissions')
      .select('id')
      .where('receivedAt', 'is not', null)
      .executeTakeFirst(),
  );
  const { membershipId } = intern.record;
  await employer.mutate('member.remove', { membershipId, reason: null }, { subject: 'Ines' });
  await settle(scene.desk);
  await waitFor('the end of access', async () => {
    scene.laptop.sync.kick();
    const { accessLostAt } = await intern.db
      .selectFrom('seatState')
      .select('accessLostAt')
      .executeTakeFirstOrThrow();
    return accessLostAt !== null;
  });
  return { ...pair, sha256: stored.sha256 };
}

const listWaiting = async ({ intern }: Pair): Promise<string[]> => {
  const rows = await intern.db
    .selectFrom('uploads')
    .select('sha256')
    .where('finishedAt', 'is', null)
    .execute();
  return rows.map(({ sha256 }) => sha256);
};

test('SY-9 the file of work that was accepted before access ended still reaches the employer', async () => {
  const pair = await endAccessBeforeFile();
  expect(await listWaiting(pair)).toEqual([pair.sha256]);
  scene.proxy.stumblesAt = undefined;
  scene.laptop.sync.kick();
  await waitFor('the file on the server', async () => (await listWaiting(pair)).length === 0);
  await settle(scene.desk);
  const submission = await pair.employer.db
    .selectFrom('submissions')
    .select('filesCompleteAt')
    .executeTakeFirstOrThrow();
  expect(submission.filesCompleteAt).not.toBeNull();
});

test('SY-9 where an older server takes no such file, it is not offered for ever', async () => {
  const pair = await endAccessBeforeFile();
  scene.proxy.answers.set('/files/missing', {
    status: 403,
    body: { error: { code: 'forbidden', message: 'not a member' } },
  });
  scene.proxy.stumblesAt = undefined;
  scene.laptop.sync.kick();
  await waitFor('the end of the wait', async () => (await listWaiting(pair)).length === 0);
  expect(await scene.laptop.files.has(pair.sha256)).toBe(true);
});
