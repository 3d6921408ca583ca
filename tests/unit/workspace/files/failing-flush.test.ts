import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningServer } from '../../../../src/server/start-server.ts';
import { breakNextFlush } from '../../../support/break-next-flush.ts';
import {
  catchStintError,
  makeTemporaryFolder,
  openTestInstallation,
  ports,
  settle,
  type TestInstallation,
  uuid,
} from '../../../support/sync/test-installation.ts';
import { setUpPair, startTestServer, submit } from '../../../support/sync/test-organization.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let server: RunningServer;
let desk: TestInstallation;
let laptop: TestInstallation;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  server = await startTestServer(`${temporary.path}/server`);
  desk = await openTestInstallation(`${temporary.path}/desk`);
  laptop = await openTestInstallation(`${temporary.path}/laptop`);
});
afterEach(async () => {
  await desk.close();
  await laptop.close();
  await server.close();
  await temporary.remove();
});

const makeContent = () => Buffer.from(ports.randomness.bytes(600_000));

async function importContent(content: Buffer) {
  const stored = await laptop.files.importStream([content] as never);
  return { attachmentId: uuid(), name: 'film.mp4', mediaType: 'video/mp4', ...stored };
}

test.each(['one', 'many'] as const)(
  'SY-21 what the disk did not take while it was imported is not here, and comes in at the next try: %s',
  async (way) => {
    const content = makeContent();
    const sha256 = ports.sha256Hex(content);
    const take = async () =>
      way === 'one'
        ? void (await laptop.files.importStream([content] as never))
        : await laptop.files.storeAll([{ sha256, bytes: content }]);
    await breakNextFlush(temporary.path, 'sync');
    const error = await catchStintError(take);
    expect(error.message).toContain('the disk of this computer did not keep the file (EIO)');
    expect(await laptop.files.has(sha256)).toBe(false);
    expect(await readdir(`${laptop.folder}/files/incoming`)).toEqual([]);
    await take();
    expect((await readFile(laptop.files.path(sha256))).equals(content)).toBe(true);
  },
);

test('SY-22 what the server’s disk did not take of an upload comes again, from its first byte', async () => {
  const { intern, task } = await setUpPair(desk, laptop, server.url);
  const content = makeContent();
  const file = await importContent(content);
  const hasBroken = await breakNextFlush(temporary.path, 'datasync');
  await submit(intern, task, { files: [file] });
  await settle(laptop, 25_000);
  await settle(desk, 25_000);
  expect(hasBroken()).toBe(true);
  expect((await readFile(desk.files.path(file.sha256))).equals(content)).toBe(true);
});

test('SY-22 what the disk here did not take of a download is told as that, and comes again whole', async () => {
  const { employer, intern, task } = await setUpPair(desk, laptop, server.url);
  const content = makeContent();
  const file = await importContent(content);
  await submit(intern, task, { files: [file] });
  await settle(laptop, 25_000);
  await settle(desk, 25_000);
  await desk.files.remove(file.sha256);
  const { seatId } = employer.record;
  const fetch = () => desk.sync.fetchFile(seatId, file.sha256, file.sizeBytes);
  const part = desk.files.partialPath(file.sha256, seatId);

  await breakNextFlush(temporary.path, 'sync');
  const error = await catchStintError(fetch);
  expect(error.message).toContain('the disk of this computer did not keep the file (EIO)');
  expect(await desk.files.has(file.sha256)).toBe(false);
  await expect(stat(part)).rejects.toThrow('ENOENT');

  // All of it came before the program was killed, and none of it is on the disk.
  await mkdir(dirname(part), { recursive: true });
  await writeFile(part, content);
  await breakNextFlush(temporary.path, 'sync');
  await catchStintError(fetch);
  // Its bytes can be read, and nothing tells any more that the disk has not got them.
  await expect(stat(part)).rejects.toThrow('ENOENT');
  await fetch();
  expect((await readFile(desk.files.path(file.sha256))).equals(content)).toBe(true);
});
