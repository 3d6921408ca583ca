import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createServerBackup } from '../../../../src/server/backup/create-server-backup.ts';
import { restoreServerBackup } from '../../../../src/server/backup/restore-server-backup.ts';
import { createSystemClock } from '../../../../src/server/ports/system-clock.ts';
import { startTestServer } from '../../../support/sync/test-organization.ts';
import { openTestEngine } from '../../../support/workspace/test-engine.ts';
import {
  listRows,
  setUpTwoDevices,
  type TwoDevices,
  workOffline,
} from '../../../support/workspace/two-devices.ts';

async function synchronise(folder: string): Promise<void> {
  const engine = await openTestEngine(folder);
  try {
    expect(await engine.settle(25_000)).toMatchObject({ isSettled: true, attentionCount: 0 });
  } finally {
    await engine.close();
  }
}

/** Puts a server that was restored from `backup` at the address of the one that is gone. */
async function replaceServer(devices: TwoDevices, backup: string): Promise<string> {
  const port = Number(new URL(devices.server.url).port);
  await devices.server.close();
  const dataFolder = join(devices.root, 'restored-server');
  await restoreServerBackup({ from: backup, dataFolder, databaseUrl: undefined });
  const restored = await startTestServer(dataFolder, port);
  onTestFinished(() => restored.close());
  return dataFolder;
}

const readSubmissions = (serverFolder: string) =>
  listRows(
    join(serverFolder, 'server.db'),
    'select "id", "receivedAt", "verdict", "filesCompleteAt" is not null as "isComplete" from "submissions" order by "id"',
  );

test('SY-15 what a server has lost since its backup comes back from the devices, once, with its times and files', async () => {
  const devices = await setUpTwoDevices();
  await workOffline(devices.first, devices.task, 'before the backup');
  await synchronise(devices.first);
  const backup = join(devices.root, 'server-backup');
  await createServerBackup({
    dataFolder: devices.serverFolder,
    databaseUrl: undefined,
    to: backup,
    clock: createSystemClock(),
  });
  await workOffline(devices.first, devices.task, 'after the backup');
  await synchronise(devices.first);
  const before = readSubmissions(devices.serverFolder);
  expect(before).toHaveLength(2);

  const serverFolder = await replaceServer(devices, backup);
  expect(readSubmissions(serverFolder)).toHaveLength(1);
  await synchronise(devices.first);
  await synchronise(devices.second);
  await synchronise(devices.employer);
  expect(readSubmissions(serverFolder)).toEqual(before);
  const entries = listRows(join(serverFolder, 'server.db'), 'select "id" from "timeEntries"');
  expect(entries).toHaveLength(2);
});

test('SY-15 a file that the server lost and this computer had removed is asked for, and arrives when it is brought again', async () => {
  const devices = await setUpTwoDevices();
  const backup = join(devices.root, 'server-backup');
  await createServerBackup({
    dataFolder: devices.serverFolder,
    databaseUrl: undefined,
    to: backup,
    clock: createSystemClock(),
  });
  const { file } = await workOffline(devices.first, devices.task, 'after the backup');
  await synchronise(devices.first);
  // That the file has arrived is heard of with a pull after it.
  await synchronise(devices.first);
  const engine = await openTestEngine(devices.first, { startsSync: false });
  const [seat] = (await engine.ask('app.state', {})).seats;
  const { seatId = '' } = seat ?? {};
  const { attachmentId, sha256 } = file;
  const freed = await engine.ask('files.keepFile', { seatId, attachmentId, isPinned: false });
  expect(freed.file).toMatchObject({ isHere: false, isOnServer: true });
  await engine.close();

  const serverFolder = await replaceServer(devices, backup);
  const again = await openTestEngine(devices.first);
  onTestFinished(() => again.close());
  await expect
    .poll(async () => (await again.ask('sync.waiting', {})).transfers, { timeout: 20_000 })
    .toMatchObject([
      {
        sha256,
        state: 'failed',
        needsFile: true,
        problem: expect.stringContaining('attach the same file once more') as string,
      },
    ]);
  expect((await again.ask('sync.status', {})).overall).toMatchObject({
    state: 'attention',
    attentionCount: 1,
  });
  const { stagedId } = await again.importStream(file.name, streamOf('after the backup'));
  await again.ask('draft.attach', { seatId, taskId: devices.task.taskId, stagedId });
  expect(await again.settle(25_000)).toMatchObject({ isSettled: true, attentionCount: 0 });
  expect(readSubmissions(serverFolder)).toMatchObject([{ isComplete: 1 }]);
});

async function* streamOf(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}

test('SY-15 a pack made before the server was lost, and imported after it was restored, is applied once', async () => {
  const devices = await setUpTwoDevices();
  const backup = join(devices.root, 'server-backup');
  await createServerBackup({
    dataFolder: devices.serverFolder,
    databaseUrl: undefined,
    to: backup,
    clock: createSystemClock(),
  });
  const work = await workOffline(devices.first, devices.task);
  const offline = await openTestEngine(devices.first, { startsSync: false });
  const { path } = await offline.ask('pack.export', {});
  await offline.close();
  await synchronise(devices.first);

  const serverFolder = await replaceServer(devices, backup);
  const second = await openTestEngine(devices.second, { startsSync: false });
  const { stagedId } = await second.ask('files.importPath', { path });
  await second.ask('pack.import', { stagedId });
  await second.close();
  await synchronise(devices.second);
  await synchronise(devices.first);
  await synchronise(devices.second);
  expect(readSubmissions(serverFolder)).toMatchObject([{ id: work.submissionId, isComplete: 1 }]);
  expect(listRows(join(serverFolder, 'server.db'), 'select "id" from "timeEntries"')).toEqual([
    { id: work.timeEntryId },
  ]);
});
