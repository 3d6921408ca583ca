import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { missingHere } from '../../../../src/main/workspace/files/upload-failure.ts';
import { sha256Hex } from '../../../../src/main/workspace/ports/system-ports.ts';
import type { ManifestFile } from '../../../../src/shared/domain/manifest.ts';
import {
  catchStintError,
  openTestInstallation,
  ports,
  settle,
  type TestInstallation,
  uuid,
  waitFor,
} from '../../../support/sync/test-installation.ts';
import { setUpPair, submit } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

async function makeFile(
  installation: TestInstallation,
  sizeBytes: number,
  name = 'film.mp4',
): Promise<{ content: Buffer; file: ManifestFile }> {
  const content = Buffer.from(ports.randomness.bytes(sizeBytes));
  const stored = await installation.files.importStream([content] as never);
  return {
    content,
    file: { attachmentId: uuid(), name, mediaType: 'video/mp4', ...stored },
  };
}

test('SY-9 a submission is there before its files; both sides see which are missing, then that none is', async () => {
  const { employer, intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { file } = await makeFile(scene.laptop, 3_000_000);
  // The line carries changes, and no uploads.
  scene.proxy.cut = { path: '/uploads/', afterBytes: 100_000 };
  const submissionId = await submit(intern, task, { files: [file] });
  const early = await waitFor('the submission at the desk', async () =>
    employer.db
      .selectFrom('submissions')
      .selectAll()
      .where('id', '=', submissionId)
      .executeTakeFirst(),
  );
  expect(early.receivedAt).not.toBeNull();
  await settle(scene.laptop, 30_000);
  await settle(scene.desk, 30_000);
  for (const seat of [employer, intern]) {
    const submission = await seat.db
      .selectFrom('submissions')
      .selectAll()
      .where('id', '=', submissionId)
      .executeTakeFirstOrThrow();
    expect(submission.filesCompleteAt).not.toBeNull();
    expect(submission.receivedAt).toBe(early.receivedAt);
  }
});

test('SY-22 files that cannot be sent hold back no other, however many they are', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const rest = {
    uploadUrl: null,
    sentBytes: 0,
    attempts: 1,
    problem: missingHere,
    finishedAt: null,
  };
  const queuedAt = '2026-05-04T09:00:00.000Z';
  // As many as are looked at in a round, each smaller than the one that is here, and tried once before.
  for (let start = 0; start < 1000; start += 100)
    await intern.db
      .insertInto('uploads')
      .values(
        Array.from({ length: 100 }, (_, index) => ({
          sha256: sha256Hex(`gone ${start + index}`),
          sizeBytes: 10,
          name: 'gone.txt',
          queuedAt,
          ...rest,
        })),
      )
      .execute();
  const { file } = await makeFile(scene.laptop, 500_000);
  await submit(intern, task, { files: [file] });
  await waitFor('the file on the server', async () => {
    const { finishedAt } = await intern.db
      .selectFrom('uploads')
      .select('finishedAt')
      .where('sha256', '=', file.sha256)
      .executeTakeFirstOrThrow();
    return finishedAt !== null;
  });
  await waitFor('another attempt at one of the others', async () => {
    const { attempts } = await intern.db
      .selectFrom('uploads')
      .select((row) => row.fn.max('attempts').as('attempts'))
      .where('finishedAt', 'is', null)
      .executeTakeFirstOrThrow();
    return attempts > 1;
  });
});

test('SY-22 an upload goes on from the byte where the line broke, and arrives whole', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const sizeBytes = 12 * 1024 * 1024;
  const { content, file } = await makeFile(scene.laptop, sizeBytes);
  scene.proxy.cut = { path: '/uploads/', afterBytes: 5 * 1024 * 1024 };
  await submit(intern, task, { files: [file] });
  await settle(scene.laptop, 30_000);
  const forwarded = [...scene.proxy.forwardedBytes]
    .filter(([key]) => key.startsWith('PATCH '))
    .reduce((sum, [, bytes]) => sum + bytes, 0);
  // Sent twice at most: what was in flight when the line broke. From the beginning it would be 17 MiB.
  expect(forwarded).toBeLessThan(sizeBytes + 3 * 1024 * 1024);
  expect(scene.proxy.cut).toBeUndefined();
  await settle(scene.desk, 30_000);
  // Compared in one call: element by element, twelve million of them take most of a minute.
  expect((await readFile(scene.desk.files.path(file.sha256))).equals(content)).toBe(true);
});

test('SY-22 a workspace that is closed in the middle of an upload goes on from there when it is opened', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const sizeBytes = 20 * 1024 * 1024;
  const { file } = await makeFile(scene.laptop, sizeBytes);
  scene.proxy.cut = { path: '/uploads/', afterBytes: 9 * 1024 * 1024 };
  await submit(intern, task, { files: [file] });
  await waitFor('the broken upload', async () => scene.proxy.cut === undefined);
  scene.proxy.isDown = true;
  await scene.laptop.close();
  scene.proxy.isDown = false;
  scene.laptop = await openTestInstallation(scene.laptop.folder);
  scene.laptop.sync.start();
  await settle(scene.laptop, 30_000);
  const forwarded = [...scene.proxy.forwardedBytes]
    .filter(([key]) => key.startsWith('PATCH '))
    .reduce((sum, [, bytes]) => sum + bytes, 0);
  expect(forwarded).toBeLessThan(sizeBytes + 9 * 1024 * 1024);
  await settle(scene.desk, 30_000);
  expect(await scene.desk.files.findSize(file.sha256)).toBe(sizeBytes);
});

test('SY-22 a download goes on from where an earlier attempt stopped', async () => {
  const { employer, intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { content, file } = await makeFile(scene.laptop, 4 * 1024 * 1024);
  await scene.desk.sync.stop();
  const part = scene.desk.files.partialPath(file.sha256, employer.record.seatId);
  await mkdir(dirname(part), { recursive: true });
  await writeFile(part, content.subarray(0, 3 * 1024 * 1024));
  await submit(intern, task, { files: [file] });
  await settle(scene.laptop, 30_000);
  scene.proxy.requests.length = 0;
  scene.desk.sync.start();
  await settle(scene.desk, 30_000);
  expect((await readFile(scene.desk.files.path(file.sha256))).equals(content)).toBe(true);
  expect(employer.record.role).toBe('owner');
});

test('SY-22 a download that does not have its hash is never used, and is fetched again', async () => {
  const { employer, intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { content, file } = await makeFile(scene.laptop, 2 * 1024 * 1024);
  await scene.desk.sync.stop();
  const part = scene.desk.files.partialPath(file.sha256, employer.record.seatId);
  await mkdir(dirname(part), { recursive: true });
  await writeFile(part, Buffer.alloc(1024 * 1024, 0));
  await submit(intern, task, { files: [file] });
  await settle(scene.laptop, 30_000);
  scene.desk.sync.start();
  await settle(scene.desk, 30_000);
  expect((await readFile(scene.desk.files.path(file.sha256))).equals(content)).toBe(true);

  await rm(scene.desk.files.path(file.sha256));
  await writeFile(part, Buffer.alloc(1024 * 1024, 0));
  const error = await catchStintError(() =>
    scene.desk.sync.fetchFile(employer.record.seatId, file.sha256, file.sizeBytes),
  );
  expect(error.code).toBe('hash_mismatch');
  expect(await scene.desk.files.has(file.sha256)).toBe(false);
  await scene.desk.sync.fetchFile(employer.record.seatId, file.sha256, file.sizeBytes);
  expect((await readFile(scene.desk.files.path(file.sha256))).equals(content)).toBe(true);
});

test('SY-22 an upload goes on where it was on a server that has moved to another address', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const sizeBytes = 20 * 1024 * 1024;
  const { file } = await makeFile(scene.laptop, sizeBytes);
  scene.proxy.cut = { path: '/uploads/', afterBytes: 9 * 1024 * 1024 };
  await submit(intern, task, { files: [file] });
  await waitFor('the broken upload', async () => scene.proxy.cut === undefined);
  await scene.laptop.sync.stop();
  const { uploadUrl } = await intern.db
    .selectFrom('uploads')
    .select('uploadUrl')
    .executeTakeFirstOrThrow();
  // Where nothing listens any more.
  await intern.db
    .updateTable('uploads')
    .set({ uploadUrl: (uploadUrl ?? '').replace(scene.proxy.url, 'http://127.0.0.1:9') })
    .execute();
  scene.laptop.sync.start();
  await settle(scene.laptop, 30_000);
  const forwarded = [...scene.proxy.forwardedBytes]
    .filter(([key]) => key.startsWith('PATCH '))
    .reduce((sum, [, bytes]) => sum + bytes, 0);
  expect(forwarded).toBeLessThan(sizeBytes + 9 * 1024 * 1024);
});

test('SY-22 what two servers send under one hash never grows in one file', async () => {
  const { employer, intern } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const [first, second] = [employer, intern].map((seat) =>
    scene.desk.files.partialPath('ab'.repeat(32), seat.record.seatId),
  );
  expect(first).not.toBe(second);
});

test('SY-22 an upload that fails is tried again by itself, without a push or a pull', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { file } = await makeFile(scene.laptop, 1_000_000);
  scene.proxy.stumblesAt = '/uploads';
  await submit(intern, task, { files: [file] });
  const failed = await waitFor('the failure', async () =>
    intern.db.selectFrom('uploads').selectAll().where('problem', 'is not', null).executeTakeFirst(),
  );
  expect(failed.sha256).toBe(file.sha256);
  scene.proxy.stumblesAt = undefined;
  // The safety pull, which would look at the queue as well, comes after 45 seconds at the earliest.
  await waitFor('the upload', async () => {
    const row = await intern.db.selectFrom('uploads').selectAll().executeTakeFirstOrThrow();
    return row.finishedAt !== null;
  });
});

test('SY-22 a bit that the disk flipped is found before anyone uses the file, and the server heals it', async () => {
  const { employer, intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { content, file } = await makeFile(scene.laptop, 400_000);
  await submit(intern, task, { files: [file] });
  await settle(scene.laptop, 30_000);
  await settle(scene.desk, 30_000);
  const flipped = Buffer.from(content);
  flipped[123_456] = (flipped[123_456] ?? 0) ^ 1;
  await writeFile(scene.desk.files.path(file.sha256), flipped);
  await scene.desk.sync.fetchFile(employer.record.seatId, file.sha256, file.sizeBytes);
  expect((await readFile(scene.desk.files.path(file.sha256))).equals(content)).toBe(true);
  expect(await scene.desk.files.listDamaged()).toEqual([]);
});

test('SY-22 nothing moves while a person has paused it, and what waited goes on afterwards', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  scene.laptop.sync.control.pause();
  const { file } = await makeFile(scene.laptop, 300_000);
  const submissionId = await submit(intern, task, { files: [file] });
  await waitFor('the submission on the server', async () =>
    intern.db
      .selectFrom('submissions')
      .selectAll()
      .where('id', '=', submissionId)
      .where('receivedAt', 'is not', null)
      .executeTakeFirst(),
  );
  expect([...scene.proxy.forwardedBytes.keys()].filter((key) => key.includes('/uploads'))).toEqual(
    [],
  );
  scene.laptop.sync.control.resume();
  await settle(scene.laptop, 30_000);
  expect([...scene.proxy.forwardedBytes.keys()].some((key) => key.includes('/uploads'))).toBe(true);
});

test('SY-22 small files go many in a request, and one that the disk here changed is named and holds back none', async () => {
  const { employer, intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const made = [];
  for (let index = 0; index < 40; index += 1)
    made.push(await makeFile(scene.laptop, 1000 + index, `answers ${index}.csv`));
  const damaged = made[7];
  if (damaged === undefined) throw new Error('no file was made');
  await writeFile(
    scene.laptop.files.path(damaged.file.sha256),
    Buffer.alloc(damaged.content.byteLength, 1),
  );
  await submit(intern, task, { files: made.map(({ file }) => file) });
  await waitFor('the arrival of all but one', async () => {
    const { count } = await employer.db
      .selectFrom('attachments')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('arrivedAt', 'is not', null)
      .executeTakeFirstOrThrow();
    return count === made.length - 1 ? true : undefined;
  });
  const named = await waitFor('the problem of the damaged one', async () =>
    intern.db
      .selectFrom('uploads')
      .select('problem')
      .where('sha256', '=', damaged.file.sha256)
      .where('problem', 'is not', null)
      .executeTakeFirst(),
  );
  expect(named.problem).toContain('damaged on this computer');
  const paths = [...scene.proxy.forwardedBytes.keys()];
  expect(paths.some((key) => key.includes('/files/small'))).toBe(true);
  // They come many in an answer as well, each verified.
  const sound = made.filter((each) => each !== damaged);
  await waitFor('the files at the desk', async () => {
    for (const { file } of sound) if (!(await scene.desk.files.has(file.sha256))) return undefined;
    return true;
  });
  for (const { file, content } of sound)
    expect((await readFile(scene.desk.files.path(file.sha256))).equals(content)).toBe(true);
  expect(paths.some((key) => /files\/[0-9a-f]{64}/.test(key))).toBe(false);
});

test('SY-22 sending that the person ended leaves nothing half kept on the server, and begins again when the work is handed in', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { seatId } = intern.record;
  const { file } = await makeFile(scene.laptop, 9_000_000);
  scene.proxy.cut = { path: '/uploads/', afterBytes: 1_000_000 };
  await intern.mutate('draft.attach', { taskId: task.taskId, file }, { subject: file.name });
  await waitFor('the broken upload', async () =>
    scene.proxy.cut === undefined ? true : undefined,
  );
  const uploadsFolder = `${scene.folder}/server/uploads`;
  const begun = await waitFor('what came of it at the server', async () => {
    const names = await readdir(uploadsFolder);
    return names.length > 0 ? names : undefined;
  });
  expect(begun.length).toBeGreaterThan(0);
  // Whether it has gone on by itself meanwhile, or waits to.
  expect(await scene.laptop.sync.cancelUpload(seatId, file.sha256)).toBe(true);
  await waitFor('an empty folder at the server', async () =>
    (await readdir(uploadsFolder)).length === 0 ? true : undefined,
  );
  scene.laptop.sync.kick();
  await settle(scene.laptop, 30_000);
  const load = () =>
    intern.db.selectFrom('uploads').selectAll().where('sha256', '=', file.sha256).execute();
  // The server asks for what it was told of, and gets it only when the person wants it to.
  expect(await load()).toEqual([]);
  expect(await scene.laptop.files.findSize(file.sha256)).toBe(file.sizeBytes);
  expect(await scene.laptop.sync.cancelUpload(seatId, file.sha256)).toBe(false);
  // Taken out of the draft and put in again: by that the person wants it sent.
  const { id: attachmentId } = await intern.db
    .selectFrom('attachments')
    .select('id')
    .where('sha256', '=', file.sha256)
    .executeTakeFirstOrThrow();
  const subject = file.name;
  await intern.mutate('draft.detach', { attachmentId, detached: true }, { subject });
  expect(await load()).toEqual([]);
  await intern.mutate('draft.detach', { attachmentId, detached: false }, { subject });
  expect(await load()).toMatchObject([{ finishedAt: null }]);
  expect(await scene.laptop.sync.cancelUpload(seatId, file.sha256)).toBe(true);
  await submit(intern, task, { files: [{ ...file, attachmentId: uuid() }] });
  await settle(scene.laptop, 30_000);
  expect(await load()).toMatchObject([{ problem: null, sentBytes: file.sizeBytes }]);
});

async function makeSmallAndLarge() {
  const small = await Promise.all(
    [1, 2, 3].map((index) => makeFile(scene.laptop, 900 + index, `answers ${index}.csv`)),
  );
  const large = await makeFile(scene.laptop, 400_000);
  return { large: large.file, files: [...small, large].map(({ file }) => file) };
}

test('SY-22 small files that the server does not take together hold back no larger one, and go one by one', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { files } = await makeSmallAndLarge();
  scene.proxy.stumblesAt = '/files/small';
  await submit(intern, task, { files });
  await settle(scene.laptop, 30_000);
  const rows = await intern.db.selectFrom('uploads').selectAll().execute();
  expect(rows.filter(({ finishedAt }) => finishedAt !== null)).toHaveLength(files.length);
});

test('SY-22 what the server says of files that were not sent counts for nothing', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { files, large } = await makeSmallAndLarge();
  scene.proxy.answers.set('/files/small', { status: 200, body: { arrived: [large.sha256] } });
  await submit(intern, task, { files });
  await settle(scene.laptop, 30_000);
  await settle(scene.desk, 30_000);
  for (const { sha256, sizeBytes } of files)
    expect(await scene.desk.files.findSize(sha256)).toBe(sizeBytes);
});

test('SY-22 the rate that a person set holds back neither a pause nor the end of the program', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { files } = await makeSmallAndLarge();
  // The small ones would wait for a quarter of an hour.
  scene.laptop.sync.control.up.setLimit(3);
  await submit(intern, task, { files: files.slice(0, 3) });
  await settle(scene.laptop, 200).catch(() => undefined);
  const beganMs = performance.now();
  await scene.laptop.sync.stop();
  expect(performance.now() - beganMs).toBeLessThan(5000);
  expect(scene.proxy.requests.some((request) => request.includes('/files/small'))).toBe(false);
});

test('SY-22 sending that was ended while the server could not be told is ended for good, and holds back no other file', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
  const { seatId } = intern.record;
  const { file } = await makeFile(scene.laptop, 9_000_000);
  scene.proxy.cut = { path: '/uploads/', afterBytes: 1_000_000 };
  await intern.mutate('draft.attach', { taskId: task.taskId, file }, { subject: file.name });
  const begun = await waitFor('the broken upload', async () => {
    const row = await intern.db.selectFrom('uploads').selectAll().executeTakeFirst();
    return scene.proxy.cut === undefined && row?.uploadUrl ? row.uploadUrl : undefined;
  });
  const refusal = { status: 500, body: { error: { code: 'server_error', message: 'a fault' } } };
  scene.proxy.answers.set(begun.slice(begun.lastIndexOf('/')), refusal);
  expect(await scene.laptop.sync.cancelUpload(seatId, file.sha256)).toBe(true);
  const other = await makeFile(scene.laptop, 400_000, 'sound.mp3');
  await submit(intern, task, { files: [other.file] });
  await settle(scene.laptop, 30_000);
  await settle(scene.desk, 30_000);
  expect(await scene.desk.files.findSize(other.file.sha256)).toBe(400_000);
  const listKept = async () =>
    (await readdir(`${scene.folder}/server/uploads`)).filter((name) => begun.endsWith(name));
  expect(await listKept()).toHaveLength(1);
  await scene.laptop.close();
  scene.proxy.answers.clear();
  scene.laptop = await openTestInstallation(scene.laptop.folder);
  scene.laptop.sync.start();
  await waitFor('the server to forget it', async () =>
    (await listKept()).length === 0 ? true : undefined,
  );
  await settle(scene.laptop, 30_000);
  const again = await scene.laptop.seats
    .list()[0]
    ?.db.selectFrom('uploads')
    .selectAll()
    .where('sha256', '=', file.sha256)
    .execute();
  expect(again).toEqual([]);
});
