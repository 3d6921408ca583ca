import { open } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import {
  catchStintError,
  makeTemporaryFolder,
  openTestInstallation,
  ports,
  settle,
  uuid,
} from '../../../support/sync/test-installation.ts';
import { setUpPair, startTestServer, submit } from '../../../support/sync/test-organization.ts';
import { openTestEngine, type TestEngine } from '../../../support/workspace/test-engine.ts';

const sizes = { 'plan.pdf': 200_000, 'film.mp4': 300_000 } as const;

/** An employer's workspace with a task whose two files were handed in and have come by themselves. */
async function openDesk() {
  const temporary = await makeTemporaryFolder();
  onTestFinished(() => temporary.remove());
  const server = await startTestServer(`${temporary.path}/server`);
  onTestFinished(() => server.close());
  const desk = await openTestInstallation(`${temporary.path}/desk`);
  const laptop = await openTestInstallation(`${temporary.path}/laptop`);
  const { employer, intern, task } = await setUpPair(desk, laptop, server.url);
  const files = [];
  for (const [name, sizeBytes] of Object.entries(sizes)) {
    const content = Buffer.from(ports.randomness.bytes(sizeBytes));
    const stored = await laptop.files.importStream([content] as never);
    files.push({ attachmentId: uuid(), name, mediaType: 'application/octet-stream', ...stored });
  }
  await submit(intern, task, { files });
  await settle(laptop, 30_000);
  await laptop.close();
  const { seatId } = employer.record;
  await desk.close();
  const engine = await openTestEngine(desk.folder);
  onTestFinished(() => engine.close());
  await engine.settle(30_000);
  const [plan, film] = files;
  if (plan === undefined || film === undefined) throw new Error('there are two files');
  return { engine, desk, key: { seatId, taskId: task.taskId }, plan, film };
}

const settleAgain = (engine: TestEngine) => engine.settle(30_000);

test('SY-22 a file is freed, comes when it is asked for, and is kept, each by itself', async () => {
  const { engine, key, plan, film } = await openDesk();
  const { seatId } = key;
  const { attachmentId } = plan;
  const look = () => engine.ask('files.offline', key);
  expect(await look()).toEqual({
    isPinned: null,
    isKept: true,
    files: 2,
    filesHere: 2,
    filesOnServer: 2,
    sizeBytes: 500_000,
    bytesHere: 500_000,
  });
  expect(
    await engine.ask('files.keepFile', { seatId, attachmentId, isPinned: false }),
  ).toMatchObject({ freedBytes: 200_000, file: { isHere: false, isPinned: false } });
  await settleAgain(engine);
  expect(await look()).toMatchObject({ filesHere: 1 });
  expect(await engine.ask('files.fetch', { seatId, attachmentId })).toMatchObject({ isHere: true });

  await engine.ask('files.keepFile', { seatId, attachmentId: film.attachmentId, isPinned: true });
  expect(
    await engine.ask('files.keepOffline', { ...key, isPinned: false, frees: true }),
  ).toMatchObject({ freedBytes: 200_000, isPinned: false, isKept: false, filesHere: 1 });
  await settleAgain(engine);
  expect(await look()).toMatchObject({ filesHere: 1 });
  expect(await engine.ask('files.fetchTask', key)).toMatchObject({ filesHere: 2 });

  // As it was at first: both stay with the task, and what is freed in general leaves them.
  for (const each of [plan, film])
    await engine.ask('files.keepFile', {
      seatId,
      attachmentId: each.attachmentId,
      isPinned: null,
    });
  expect(await engine.ask('files.keepOffline', { ...key, isPinned: null })).toMatchObject({
    isPinned: null,
    isKept: true,
    freedBytes: 0,
  });
  expect(await engine.ask('files.free', {})).toEqual({ freedFiles: 0, freedBytes: 0 });
}, 60_000);

test('SY-22 what the disk changed is named by a check, and comes again', async () => {
  const { engine, desk, film } = await openDesk();
  const file = await open(desk.files.path(film.sha256), 'r+');
  await file.write(Buffer.from([7, 7, 7]), 0, 3, 1000);
  await file.close();
  expect(await engine.ask('files.check', {})).toEqual({
    checkedFiles: 2,
    damaged: [{ sha256: film.sha256, name: 'film.mp4', isFetchedAgain: true }],
  });
  expect(await engine.ask('files.check', {})).toEqual({ checkedFiles: 2, damaged: [] });
}, 60_000);

test('requests about the place of files refuse what they cannot mean, and change nothing', async () => {
  const { path, remove } = await makeTemporaryFolder();
  onTestFinished(remove);
  const engine = await openTestEngine(path, { startsSync: false });
  onTestFinished(() => engine.close());
  const refuse = async (name: string, input: object) => {
    const { code, field } = await catchStintError(() => engine.dispatch(name, input, 'renderer'));
    return [code, field];
  };
  const [seatId, taskId] = [uuid(), uuid()];
  expect(await refuse('files.keepOffline', { seatId, taskId: 'x', isPinned: true })).toEqual([
    'invalid_input',
    'taskId',
  ]);
  expect(await refuse('files.keepOffline', { seatId, taskId, isPinned: 'yes' })).toEqual([
    'invalid_input',
    'isPinned',
  ]);
  expect(await refuse('files.keepFile', { seatId, attachmentId: '../etc' })).toEqual([
    'invalid_input',
    'attachmentId',
  ]);
  expect(await refuse('transfers.cancelFetch', { seatId, sha256: 'A'.repeat(64) })).toEqual([
    'invalid_input',
    'sha256',
  ]);
  expect(await refuse('files.free', { includesKept: 1 })).toEqual([
    'invalid_input',
    'includesKept',
  ]);
  expect(
    await refuse('transfers.cancelUpload', { seatId, sha256: 'a'.repeat(64), removesFromDraft: 1 }),
  ).toEqual(['invalid_input', 'removesFromDraft']);
  expect(
    (
      await refuse('transfers.cancelUpload', {
        seatId,
        sha256: 'a'.repeat(64),
        removesFromDraft: true,
      })
    )[0],
  ).toBe('not_found');
  expect((await refuse('files.keepOffline', { seatId, taskId, isPinned: true }))[0]).toBe(
    'not_found',
  );
  expect((await refuse('files.fetchTask', { seatId, taskId }))[0]).toBe('not_found');
  expect(await engine.ask('transfers.cancelFetch', { seatId, sha256: 'a'.repeat(64) })).toEqual({
    wasCancelled: false,
  });
  // From the renderer nobody takes in files by their paths: that is for programs of this machine.
  expect((await refuse('files.importPaths', { paths: ['/etc/hostname'] }))[0]).not.toBe(undefined);
  expect(await engine.ask('files.check', {})).toEqual({ checkedFiles: 0, damaged: [] });
});
