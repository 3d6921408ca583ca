import { createReadStream } from 'node:fs';
import { readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BundleJobs } from '../../src/main/workspace/bundles/bundle-jobs.ts';
import { verifyBundle } from '../../src/main/workspace/bundles/verify-bundle.ts';
import { rescueWorkspace } from '../../src/main/workspace/packs/rescue-workspace.ts';
import { wholeBundle } from '../../src/shared/domain/bundle-options.ts';
import { createEngagementFixture, engagementId } from '../support/bundles/engagement-fixture.ts';
import { mountSmallDisk, type SmallDisk } from '../support/mount-small-disk.ts';
import {
  catchStintError,
  makeTemporaryFolder,
  openTestInstallation,
  ports,
  settle,
  uuid,
  waitFor,
} from '../support/sync/test-installation.ts';
import { setUpPair, startTestServer, submit } from '../support/sync/test-organization.ts';
import { openTestEngine } from '../support/workspace/test-engine.ts';
import { setUpTwoDevices, workOffline } from '../support/workspace/two-devices.ts';

const mebibyte = 1024 * 1024;

async function openDisk(sizeBytes: number, skip: (reason: string) => never): Promise<SmallDisk> {
  const disk = await mountSmallDisk(sizeBytes);
  if ('obstacle' in disk) {
    console.log(`A test on a small disk is skipped: ${disk.obstacle}.`);
    return skip(disk.obstacle);
  }
  onTestFinished(() => disk.unmount());
  return disk;
}

/** Fills a disk but for so many bytes. @returns what makes room again */
async function fill(disk: SmallDisk, leftBytes: number): Promise<() => Promise<void>> {
  const ballast = path.join(disk.path, 'ballast');
  const { bavail, bsize } = await statfs(disk.path);
  await writeFile(ballast, Buffer.alloc(Number(bavail) * Number(bsize) - leftBytes));
  return () => rm(ballast);
}

test('SY-21 a file that is taken in while the disk fills waits with the reason, and is whole once there is room; cancelled, it leaves nothing', async ({
  skip,
}) => {
  const disk = await openDisk(24 * mebibyte, skip);
  const { path: elsewhere, remove } = await makeTemporaryFolder();
  onTestFinished(remove);
  const engine = await openTestEngine(path.join(disk.path, 'workspace'), { startsSync: false });
  onTestFinished(() => engine.close());
  const source = path.join(elsewhere, 'film.mp4');
  const content = Buffer.from(ports.randomness.bytes(8 * mebibyte));
  await writeFile(source, content);
  const free = await fill(disk, 3 * mebibyte);
  const incoming = path.join(disk.path, 'workspace', 'files', 'incoming');
  const list = () => engine.ask('files.imports', {});

  const importId = uuid();
  const cancelled = catchStintError(() =>
    engine.importStream('film.mp4', createReadStream(source), { importId }),
  );
  await expect.poll(async () => (await list())[0]?.state).toBe('waiting_for_room');
  await engine.ask('files.cancelImport', { importId });
  expect((await cancelled).code).toBe('cancelled');
  expect(await readdir(incoming)).toEqual([]);

  const taking = engine.ask('files.importPaths', { paths: [source] });
  await expect.poll(async () => (await list())[0]?.state).toBe('waiting_for_room');
  // What else the person does is saved in the meantime, or refused in words: nothing hangs.
  expect(await engine.ask('files.space', {})).toMatchObject({ usedFiles: 0 });
  await free();
  const { files, skipped } = await taking;
  expect(skipped).toEqual([]);
  const [{ sha256 } = { sha256: '' }] = files;
  const stored = path.join(disk.path, 'workspace', 'files', sha256.slice(0, 2), sha256);
  expect((await readFile(stored)).equals(content)).toBe(true);
  expect(await readdir(incoming)).toEqual([]);
}, 60_000);

test('SY-22 a download that fills the disk says so, keeps what came, and goes on by itself once there is room', async ({
  skip,
}) => {
  const disk = await openDisk(24 * mebibyte, skip);
  const temporary = await makeTemporaryFolder();
  onTestFinished(() => temporary.remove());
  const server = await startTestServer(path.join(temporary.path, 'server'));
  onTestFinished(() => server.close());
  const desk = await openTestInstallation(path.join(disk.path, 'desk'));
  const laptop = await openTestInstallation(path.join(temporary.path, 'laptop'));
  onTestFinished(async () => {
    await desk.close();
    await laptop.close();
  });
  const { intern, task } = await setUpPair(desk, laptop, server.url);
  const free = await fill(disk, 4 * mebibyte);
  const content = Buffer.from(ports.randomness.bytes(8 * mebibyte));
  const stored = await laptop.files.importStream([content] as never);
  await submit(intern, task, {
    files: [{ attachmentId: uuid(), name: 'film.mp4', mediaType: 'video/mp4', ...stored }],
  });
  await settle(laptop, 30_000);
  desk.sync.kick();
  await waitFor('the reason', async () => {
    return /no room on this disk .* goes on when there is room/.test(
      desk.sync.findRoomProblem() ?? '',
    );
  });
  expect(await desk.files.has(stored.sha256)).toBe(false);
  const incoming = path.join(disk.path, 'desk', 'files', 'incoming');
  const [part = ''] = await readdir(incoming);
  const partial = await readFile(path.join(incoming, part));
  // What came is what was sent, up to there.
  expect(partial.byteLength).toBeGreaterThan(mebibyte);
  expect(partial.equals(content.subarray(0, partial.byteLength))).toBe(true);
  await free();
  // Nobody asks again: it is tried by itself.
  await waitFor('the file', async () => desk.files.has(stored.sha256), 60_000);
  expect((await readFile(desk.files.path(stored.sha256))).equals(content)).toBe(true);
  expect(await readdir(incoming)).toEqual([]);
  expect(desk.sync.findRoomProblem()).toBeNull();
}, 120_000);

test('a bundle that fills the disk waits with the reason, leaves nothing half written, and is whole once there is room', async ({
  skip,
}) => {
  const disk = await openDisk(40 * mebibyte, skip);
  const fixture = await createEngagementFixture(path.join(disk.path, 'workspace'));
  onTestFinished(() => fixture.close());
  await fixture.submit(1, [{ name: 'film.bin', content: 'a'.repeat(12 * mebibyte) }]);
  const { seat } = fixture;
  const looks: (() => void)[] = [];
  const jobs = new BundleJobs({
    ...fixture.workspace,
    emit: () => {},
    seats: { find: () => seat, list: () => [seat] },
    ports: {
      ...fixture.workspace.ports,
      timers: {
        after: (_delayMs: number, action: () => void) => {
          looks.push(action);
          return () => {};
        },
      },
    },
  } as unknown as typeof fixture.workspace);
  onTestFinished(() => jobs.close());
  const free = await fill(disk, 4 * mebibyte);
  const { seatId } = seat.record;
  const listKinds = () => jobs.list(seatId).map(({ state }) => state.kind);
  await jobs.begin(seatId, [engagementId], wholeBundle);
  await expect.poll(listKinds).toEqual(['waiting_for_room']);
  expect(await readdir(fixture.workspace.exportsFolder)).toEqual([]);
  await free();
  for (const look of looks.splice(0)) look();
  await expect.poll(listKinds).toEqual(['done']);
  const [name = ''] = await readdir(fixture.workspace.exportsFolder);
  expect((await verifyBundle(path.join(fixture.workspace.exportsFolder, name))).isWhole).toBe(true);
}, 60_000);

test('SY-1 unsent work that is saved onto a disk without room is not said to be unreadable, and is saved once there is room', async ({
  skip,
}) => {
  const disk = await openDisk(8 * mebibyte, skip);
  const devices = await setUpTwoDevices();
  await workOffline(devices.first, devices.task);
  const save = () =>
    rescueWorkspace({
      workspaceFolder: devices.first,
      to: path.join(disk.path, 'unsent.stintpack'),
      stintVersion: '0.0.0',
      ports,
    });
  // First there is no room for anything, then for the small database and not for the large one.
  for (const leftBytes of [0, 400_000]) {
    const free = await fill(disk, leftBytes);
    expect((await catchStintError(save)).code).toBe('disk_full');
    await free();
    expect(await readdir(disk.path)).toEqual([]);
  }
  expect(await save()).toMatchObject({ changes: 2, files: 1, problems: [] });
}, 60_000);
