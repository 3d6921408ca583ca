import { cp, readFile } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import type { ManifestFile } from '../../../../src/shared/domain/manifest.ts';
import { settleAll } from '../../../support/sync/restored-server.ts';
import {
  openTestInstallation,
  ports,
  settle,
  type TestInstallation,
  uuid,
  waitFor,
} from '../../../support/sync/test-installation.ts';
import { type Pair, setUpPair, submit } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();
let pair: Pair;

beforeEach(async () => {
  const { desk, laptop, server, proxy } = scene;
  pair = await setUpPair(desk, laptop, server.url, proxy.url);
});

/** Both lie still, as they were when the copy was made. */
async function copyLaptop(): Promise<TestInstallation> {
  await scene.laptop.close();
  await cp(scene.laptop.folder, `${scene.folder}/copy`, { recursive: true });
  scene.laptop = await openTestInstallation(scene.laptop.folder);
  const copy = await openTestInstallation(`${scene.folder}/copy`);
  scene.others.push(copy);
  return copy;
}

function getSeat(installation: TestInstallation): Seat {
  const [seat] = installation.seats.list();
  if (seat === undefined) throw new Error('no seat');
  return seat;
}

async function makeFile(sizeBytes: number): Promise<{ content: Buffer; file: ManifestFile }> {
  const content = Buffer.from(ports.randomness.bytes(sizeBytes));
  const stored = await scene.laptop.files.importStream([content] as never);
  return {
    content,
    file: { attachmentId: uuid(), name: 'film.mp4', mediaType: 'video/mp4', ...stored },
  };
}

const attach = async (seat: Seat, file: ManifestFile) =>
  seat.mutate('draft.attach', { taskId: pair.task.taskId, file }, { subject: file.name });
const writeNote = async (seat: Seat, note: string) =>
  seat.mutate(
    'draft.writeNote',
    { taskId: pair.task.taskId, note, versionId: uuid(), baseVersionId: null },
    { subject: 'note' },
  );

const listSubmissions = async (seat: Seat) =>
  seat.db.selectFrom('submissions').selectAll().orderBy('revision').execute();
const listUnsettled = async (seat: Seat) =>
  seat.db
    .selectFrom('outboxStates')
    .select(['state', 'code', 'message'])
    .where('state', 'not in', ['settled', 'replaced'])
    .execute();

test('SY-16 SY-22 a file that was half sent when the workspace was copied arrives whole, whichever copy sends the rest', async () => {
  const { content, file } = await makeFile(1_000_000);
  scene.proxy.cut = { path: '/uploads/', afterBytes: 500_000 };
  await attach(pair.intern, file);
  await waitFor('the broken upload', async () => scene.proxy.cut === undefined);
  scene.proxy.isDown = true;
  const copied = await copyLaptop();
  scene.proxy.isDown = false;
  const [original, theirs] = [getSeat(scene.laptop), getSeat(copied)];
  const half = await theirs.db.selectFrom('uploads').selectAll().executeTakeFirstOrThrow();
  expect(half.finishedAt).toBeNull();
  await submit(original, pair.task, {
    note: 'from the original',
    files: [{ ...file, attachmentId: uuid() }],
  });
  await submit(theirs, pair.task, {
    note: 'from the copy',
    files: [{ ...file, attachmentId: uuid() }],
  });
  scene.laptop.sync.start();
  copied.sync.start();
  await settleAll(scene.laptop, copied, scene.desk);
  for (const seat of [pair.employer, original, theirs]) {
    const submissions = await listSubmissions(seat);
    expect(new Set(submissions.map(({ note }) => note))).toEqual(
      new Set(['from the original', 'from the copy']),
    );
    for (const { filesCompleteAt } of submissions) expect(filesCompleteAt).not.toBeNull();
    expect(await listUnsettled(seat)).toEqual([]);
  }
  for (const seat of [original, theirs])
    expect(
      await seat.db.selectFrom('uploads').selectAll().where('finishedAt', 'is', null).execute(),
    ).toEqual([]);
  expect((await readFile(scene.desk.files.path(file.sha256))).equals(content)).toBe(true);
});

test('SY-16 SY-22 a file that one copy no longer wants arrives from the other that hands it in', async () => {
  const { content, file } = await makeFile(1_000_000);
  scene.proxy.cut = { path: '/uploads/', afterBytes: 500_000 };
  await attach(pair.intern, file);
  await waitFor('the broken upload', async () => scene.proxy.cut === undefined);
  scene.proxy.isDown = true;
  const copied = await copyLaptop();
  scene.proxy.isDown = false;
  const [original, theirs] = [getSeat(scene.laptop), getSeat(copied)];
  await theirs.mutate(
    'draft.detach',
    { attachmentId: file.attachmentId, detached: true },
    { subject: file.name },
  );
  await copied.sync.cancelUpload(theirs.record.seatId, file.sha256);
  copied.sync.start();
  await settle(copied);
  await submit(original, pair.task, { files: [{ ...file, attachmentId: uuid() }] });
  scene.laptop.sync.start();
  await settleAll(scene.laptop, copied, scene.desk);
  const [submission] = await listSubmissions(pair.employer);
  expect(submission?.filesCompleteAt).not.toBeNull();
  expect((await readFile(scene.desk.files.path(file.sha256))).equals(content)).toBe(true);
});

test('SY-16 the same work handed in from both copies is one submission, other work one more revision', async () => {
  await writeNote(pair.intern, 'twelve shops');
  await settle(scene.laptop);
  const copied = await copyLaptop();
  const [original, theirs] = [getSeat(scene.laptop), getSeat(copied)];
  await submit(original, pair.task, { note: 'twelve shops' });
  await submit(theirs, pair.task, { note: 'twelve shops' });
  await writeNote(theirs, 'thirteen shops');
  scene.laptop.sync.start();
  await settle(scene.laptop);
  copied.sync.start();
  await settleAll(copied, scene.laptop, scene.desk);
  for (const seat of [pair.employer, original, theirs]) {
    expect(await listSubmissions(seat)).toMatchObject([{ revision: 1, note: 'twelve shops' }]);
    expect(await listUnsettled(seat)).toEqual([]);
  }
  await submit(theirs, pair.task, { note: 'thirteen shops' });
  await settleAll(copied, scene.laptop, scene.desk);
  for (const seat of [pair.employer, original, theirs])
    expect((await listSubmissions(seat)).map(({ note }) => note)).toEqual([
      'twelve shops',
      'thirteen shops',
    ]);
});

test('SY-16 a workspace restored from before its work was handed in goes on, and loses nothing of either', async () => {
  await writeNote(pair.intern, 'begun');
  await settle(scene.laptop);
  const copied = await copyLaptop();
  const original = getSeat(scene.laptop);
  scene.laptop.sync.start();
  await writeNote(original, 'twelve shops');
  const submissionId = await submit(original, pair.task, { note: 'twelve shops' });
  await settleAll(scene.laptop, scene.desk);
  await scene.laptop.close();

  const restored = getSeat(copied);
  await writeNote(restored, 'begun anew');
  await submit(restored, pair.task, { note: 'begun anew' });
  copied.sync.start();
  await settleAll(copied, scene.desk);
  for (const seat of [pair.employer, restored]) {
    expect(await listSubmissions(seat)).toMatchObject([
      { id: submissionId, revision: 1, note: 'twelve shops', verdict: 'on_time' },
      { revision: 2, note: 'begun anew', verdict: 'on_time' },
    ]);
    expect(await listUnsettled(seat)).toEqual([]);
  }
  expect(await restored.db.selectFrom('drafts').select('note').execute()).toEqual([
    { note: 'begun anew' },
  ]);
  const versions = await restored.db.selectFrom('draftVersions').selectAll().execute();
  expect(versions).toContainEqual(
    expect.objectContaining({ kind: 'note', note: 'twelve shops', isConcurrent: 1 }),
  );
});
