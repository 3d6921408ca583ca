import { rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Seat } from '../../src/main/workspace/seats/seat.ts';
import type { RunningServer, StartServerOptions } from '../../src/server/start-server.ts';
import { setServerQuota } from '../../src/server/upkeep/keep-up-server.ts';
import { mountSmallDisk } from '../support/mount-small-disk.ts';
import { startTestS3 } from '../support/s3/start-s3-server.ts';
import {
  makeTemporaryFolder,
  openTestInstallation,
  ports,
  settle,
  type TestInstallation,
  uuid,
  waitFor,
} from '../support/sync/test-installation.ts';
import { setUpPair, startTestServer, submit } from '../support/sync/test-organization.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let server: RunningServer;
let desk: TestInstallation;
let laptop: TestInstallation;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
});

async function open(serverFolder: string, changes: Partial<StartServerOptions>): Promise<void> {
  onTestFinished(() => temporary.remove());
  onTestFinished(async () => {
    await desk.close();
    await laptop.close();
    await server.close();
  });
  server = await startTestServer(serverFolder, 0, changes);
  desk = await openTestInstallation(path.join(temporary.path, 'desk'));
  laptop = await openTestInstallation(path.join(temporary.path, 'laptop'));
}

async function importFile(sizeBytes: number) {
  const content = Buffer.from(ports.randomness.bytes(sizeBytes));
  const stored = await laptop.files.importStream([content] as never);
  return { attachmentId: uuid(), name: 'film.mp4', mediaType: 'video/mp4', ...stored };
}

const waitForProblem = (intern: Seat, pattern: RegExp) =>
  waitFor(`an upload's reason like ${String(pattern)}`, async () => {
    const rows = await intern.db.selectFrom('uploads').select(['problem', 'finishedAt']).execute();
    return rows.some(({ problem }) => pattern.test(problem ?? ''));
  });

async function findSubmission(seat: Seat, id: string) {
  return await seat.db
    .selectFrom('submissions')
    .select(['receivedAt', 'filesCompleteAt'])
    .where('id', '=', id)
    .executeTakeFirst();
}

async function expectComplete(employer: Seat, submissionId: string): Promise<void> {
  await settle(laptop, 30_000);
  await settle(desk, 30_000);
  expect((await findSubmission(employer, submissionId))?.filesCompleteAt).not.toBeNull();
}

test('SY-8, SY-22 a file for which the organization has no room is named with the reason, its submission is received, and it goes up by itself once there is room', async () => {
  const serverFolder = path.join(temporary.path, 'server');
  await open(serverFolder, { quotaBytes: 100_000 });
  const { employer, intern, task } = await setUpPair(desk, laptop, server.url);
  const submissionId = await submit(intern, task, { files: [await importFile(200_000)] });
  await waitForProblem(intern, /room .* is used up .* goes up by itself/);
  const received = await waitFor('the submission at the employer', async () => {
    desk.sync.kick();
    return await findSubmission(employer, submissionId);
  });
  expect(received.receivedAt).not.toBeNull();
  expect(received.filesCompleteAt).toBeNull();
  const place = { dataFolder: serverFolder, databaseUrl: undefined };
  await setServerQuota(place, employer.record.orgId, 1_000_000);
  await expectComplete(employer, submissionId);
}, 60_000);

test("SY-22 a server's disk that fills in the middle of an upload is named, and the upload goes on once there is room", async ({
  skip,
}) => {
  const disk = await mountSmallDisk(24 * 1024 * 1024);
  if ('obstacle' in disk) {
    console.log(`A test on a small disk is skipped: ${disk.obstacle}.`);
    return skip(disk.obstacle);
  }
  onTestFinished(() => disk.unmount());
  await open(path.join(disk.path, 'server'), {});
  const { employer, intern, task } = await setUpPair(desk, laptop, server.url);
  await settle(laptop, 30_000);
  const ballast = path.join(disk.path, 'ballast');
  const { bavail, bsize } = await statfs(disk.path);
  // Room for the submission, and for a part of its file.
  await writeFile(ballast, Buffer.alloc(Number(bavail) * Number(bsize) - 3 * 1024 * 1024));
  const submissionId = await submit(intern, task, { files: [await importFile(6_000_000)] });
  await waitForProblem(intern, /server's disk is full; the file is safe here/);
  // The first answer reaches the device, though it is still sending.
  const { attempts } = await intern.db
    .selectFrom('uploads')
    .select('attempts')
    .executeTakeFirstOrThrow();
  expect(attempts).toBe(1);
  await rm(ballast);
  await expectComplete(employer, submissionId);
}, 120_000);

test('SY-22 while the bucket of the server refuses, files wait with the reason; they arrive once it does not', async ({
  skip,
}) => {
  const s3 = await startTestS3();
  if (s3.folder === undefined) return skip('the bucket is not ours to close');
  await open(path.join(temporary.path, 'server'), { blobs: s3.location });
  const { employer, intern, task } = await setUpPair(desk, laptop, server.url);
  s3.failsWith = 403;
  const submissionId = await submit(intern, task, { files: [await importFile(200_000)] });
  await waitForProblem(intern, /store of the server's files does not answer/);
  expect((await findSubmission(intern, submissionId))?.filesCompleteAt).toBeNull();
  s3.failsWith = undefined;
  await expectComplete(employer, submissionId);
}, 60_000);
