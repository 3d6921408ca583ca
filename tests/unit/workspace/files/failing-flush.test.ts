import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { breakNextFlush } from '../../../support/break-next-flush.ts';
import { catchStintError, ports, settle, uuid } from '../../../support/sync/test-installation.ts';
import { setUpPair, submit } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

const makeContent = () => Buffer.from(ports.randomness.bytes(600_000));

async function importContent(content: Buffer) {
  const stored = await scene.laptop.files.importStream([content] as never);
  return { attachmentId: uuid(), name: 'film.mp4', mediaType: 'video/mp4', ...stored };
}

test.each(['one', 'many'] as const)(
  'SY-21 what the disk did not take while it was imported is not here, and comes in at the next try: %s',
  async (way) => {
    const content = makeContent();
    const sha256 = ports.sha256Hex(content);
    const take = async () =>
      way === 'one'
        ? void (await scene.laptop.files.importStream([content] as never))
        : await scene.laptop.files.storeAll([{ sha256, bytes: content }]);
    await breakNextFlush(scene.folder, 'sync');
    const error = await catchStintError(take);
    expect(error.message).toContain('the disk of this computer did not keep the file (EIO)');
    expect(await scene.laptop.files.has(sha256)).toBe(false);
    expect(await readdir(`${scene.laptop.folder}/files/incoming`)).toEqual([]);
    await take();
    expect((await readFile(scene.laptop.files.path(sha256))).equals(content)).toBe(true);
  },
);

test('SY-22 what the server’s disk did not take of an upload comes again, from its first byte', async () => {
  const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const content = makeContent();
  const file = await importContent(content);
  const hasBroken = await breakNextFlush(scene.folder, 'datasync');
  await submit(intern, task, { files: [file] });
  await settle(scene.laptop, 25_000);
  await settle(scene.desk, 25_000);
  expect(hasBroken()).toBe(true);
  expect((await readFile(scene.desk.files.path(file.sha256))).equals(content)).toBe(true);
});

test('SY-22 what the disk here did not take of a download is told as that, and comes again whole', async () => {
  const { employer, intern, task } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const content = makeContent();
  const file = await importContent(content);
  await submit(intern, task, { files: [file] });
  await settle(scene.laptop, 25_000);
  await settle(scene.desk, 25_000);
  await scene.desk.files.remove(file.sha256);
  const { seatId } = employer.record;
  const fetch = () => scene.desk.sync.fetchFile(seatId, file.sha256, file.sizeBytes);
  const part = scene.desk.files.partialPath(file.sha256, seatId);

  await breakNextFlush(scene.folder, 'sync');
  const error = await catchStintError(fetch);
  expect(error.message).toContain('the disk of this computer did not keep the file (EIO)');
  expect(await scene.desk.files.has(file.sha256)).toBe(false);
  await expect(stat(part)).rejects.toThrow('ENOENT');

  // All of it came before the program was killed, and none of it is on the disk.
  await mkdir(dirname(part), { recursive: true });
  await writeFile(part, content);
  await breakNextFlush(scene.folder, 'sync');
  await catchStintError(fetch);
  // Its bytes can be read, and nothing tells any more that the disk has not got them.
  await expect(stat(part)).rejects.toThrow('ENOENT');
  await fetch();
  expect((await readFile(scene.desk.files.path(file.sha256))).equals(content)).toBe(true);
});
