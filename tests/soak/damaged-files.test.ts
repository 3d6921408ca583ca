import { existsSync, readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDemoWorkspace } from '../../src/cli/demo/demo-workspace.ts';
import { askEngine } from '../../src/main/sample/ask-engine.ts';
import type { RunningServer } from '../../src/server/start-server.ts';
import { scrubServer } from '../../src/server/upkeep/keep-up-server.ts';
import type { ManifestFile } from '../../src/shared/domain/manifest.ts';
import { type FaultProxy, startFaultProxy } from '../support/sync/fault-proxy.ts';
import {
  catchStintError,
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
let proxy: FaultProxy;
let desk: TestInstallation;
let laptop: TestInstallation;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  server = await startTestServer(path.join(temporary.path, 'server'));
  proxy = await startFaultProxy(server.url);
  desk = await openTestInstallation(path.join(temporary.path, 'desk'));
  laptop = await openTestInstallation(path.join(temporary.path, 'laptop'));
});
afterEach(async () => {
  await desk.close();
  await laptop.close();
  await proxy.close();
  await server.close();
  await temporary.remove();
});

async function makeFile(): Promise<{ content: Buffer; file: ManifestFile }> {
  const content = Buffer.from(ports.randomness.bytes(50_000));
  const stored = await laptop.files.importStream([content] as never);
  return {
    content,
    file: { attachmentId: uuid(), name: 'film.mp4', mediaType: 'video/mp4', ...stored },
  };
}

/** One bit in the middle, as a disk that is failing changes it. */
async function flipBit(filePath: string): Promise<void> {
  const content = await readFile(filePath);
  const middle = content.length >> 1;
  content[middle] = (content[middle] ?? 0) ^ 0x10;
  await writeFile(filePath, content);
}

test('SY-22 a file that the disk changed before it was sent is noticed, named, and sent once it is attached again', async () => {
  const { employer, intern, task } = await setUpPair(desk, laptop, proxy.url);
  const { content, file } = await makeFile();
  await flipBit(laptop.files.path(file.sha256));
  const submissionId = await submit(intern, task, { files: [file] });
  const { problem } = await waitFor('the reason', async () =>
    intern.db
      .selectFrom('uploads')
      .select(['problem'])
      .where('problem', 'like', '%damaged%')
      .executeTakeFirst(),
  );
  expect(problem).toMatch(/damaged on this computer's disk.*attach the same file once more/);
  expect(await laptop.files.has(file.sha256)).toBe(false);
  expect(await laptop.files.wasDamaged(file.sha256)).toBe(true);
  const awaiting = await intern.db
    .selectFrom('submissions')
    .select(['filesCompleteAt', 'receivedAt'])
    .where('id', '=', submissionId)
    .executeTakeFirstOrThrow();
  expect(awaiting.filesCompleteAt).toBeNull();

  await laptop.files.importStream([content] as never);
  expect(await laptop.files.wasDamaged(file.sha256)).toBe(false);
  await settle(laptop, 30_000);
  await settle(desk, 30_000);
  const complete = await employer.db
    .selectFrom('submissions')
    .select('filesCompleteAt')
    .where('id', '=', submissionId)
    .executeTakeFirstOrThrow();
  expect(complete.filesCompleteAt).not.toBeNull();
  expect(await readFile(desk.files.path(file.sha256))).toEqual(content);
});

test('SY-21 a file that the disk cut short is noticed as well', async () => {
  const { intern, task } = await setUpPair(desk, laptop, proxy.url);
  const { content, file } = await makeFile();
  await writeFile(laptop.files.path(file.sha256), content.subarray(0, 1000));
  await submit(intern, task, { files: [file] });
  await waitFor('the reason', async () =>
    intern.db
      .selectFrom('uploads')
      .select('problem')
      .where('problem', 'like', '%damaged%')
      .executeTakeFirst(),
  );
});

const blobPath = (file: ManifestFile): string => {
  const blobs = path.join(temporary.path, 'server', 'blobs');
  const orgId = readdirSync(blobs).find((name) => !name.startsWith('.')) ?? '';
  return path.join(blobs, orgId, file.sha256.slice(0, 2), file.sha256);
};

test("SY-22 a file that the server's disk changed reaches nobody, and comes again by itself from the device that gave it", async () => {
  const { employer, intern, task } = await setUpPair(desk, laptop, proxy.url);
  const { content, file } = await makeFile();
  // What the desk fetches by itself must not come before the disk has failed.
  proxy.stumblesAt = `/files/${file.sha256}`;
  await submit(intern, task, { files: [file] });
  await settle(laptop, 30_000);
  await flipBit(blobPath(file));
  await laptop.sync.stop();
  proxy.stumblesAt = undefined;
  const fetchFile = () => desk.sync.fetchFile(employer.record.seatId, file.sha256, file.sizeBytes);
  // The transfer breaks off before its end, and from then on the server says that it has no such file.
  await catchStintError(fetchFile);
  const missing = await waitFor('the server to know', async () => {
    const { code } = await catchStintError(fetchFile);
    return code === 'file_missing' ? code : undefined;
  });
  expect(missing).toBe('file_missing');
  expect(await desk.files.has(file.sha256)).toBe(false);
  expect(existsSync(blobPath(file))).toBe(false);

  laptop.sync.start();
  await waitFor('the file to come again', async () => existsSync(blobPath(file)));
  await waitFor('the employer to have it', async () => await desk.files.has(file.sha256));
  expect(await readFile(desk.files.path(file.sha256))).toEqual(content);
  expect(await readFile(blobPath(file))).toEqual(content);
});

test('SY-22 a scrub finds what the disk changed and what it lost; whoever still has the file brings it back, also who never gave it', async () => {
  const { intern, task } = await setUpPair(desk, laptop, proxy.url);
  const changed = await makeFile();
  const lost = await makeFile();
  await submit(intern, task, { files: [changed.file, lost.file] });
  await settle(laptop, 30_000);
  await settle(desk, 30_000);
  for (const { file } of [changed, lost]) expect(await desk.files.has(file.sha256)).toBe(true);
  // The device that gave them is gone for good; the desk only ever fetched them.
  await laptop.sync.stop();
  const place = { dataFolder: path.join(temporary.path, 'server'), databaseUrl: undefined };
  // Nothing is wrong yet; from here on the journal of small files holds nothing any more that would bring them back.
  expect(await scrubServer(place)).toMatchObject({ contents: 2, damaged: [] });
  await flipBit(blobPath(changed.file));
  await rm(blobPath(lost.file));
  const found = await scrubServer(place);
  expect(new Map(found.damaged.map(({ sha256, reason }) => [sha256, reason]))).toEqual(
    new Map([
      [changed.file.sha256, 'changed'],
      [lost.file.sha256, 'missing'],
    ]),
  );
  expect(found.awaited).toBe(2);
  desk.sync.kick();
  for (const { file, content } of [changed, lost]) {
    await waitFor(`${file.sha256} to come again`, async () => existsSync(blobPath(file)));
    expect(await readFile(blobPath(file))).toEqual(content);
  }
  await settle(desk, 30_000);
  expect(await scrubServer(place)).toMatchObject({ damaged: [], awaited: 0 });
});

test('SY-22 a file that the disk changed before a bundle is exported is fetched again', async () => {
  const { intern, employer, employment, task } = await setUpPair(desk, laptop, proxy.url);
  const { content, file } = await makeFile();
  await submit(intern, task, { files: [file] });
  await settle(laptop, 30_000);
  await settle(desk, 30_000);
  await desk.close();
  const stored = desk.files.path(file.sha256);
  await flipBit(stored);
  const workspace = await openDemoWorkspace(desk.folder, 'Europe/Berlin', '0.0.0');
  try {
    const exported = await askEngine(workspace.engine, 'bundle.export', {
      seatId: employer.record.seatId,
      engagementId: employment.engagementId,
    });
    expect(exported.missing).toEqual([]);
    expect(await readFile(stored)).toEqual(content);

    await flipBit(stored);
    proxy.isDown = true;
    const error = await catchStintError(() =>
      askEngine(workspace.engine, 'bundle.export', {
        seatId: employer.record.seatId,
        engagementId: employment.engagementId,
      }),
    );
    expect(error).toMatchObject({ code: 'hash_mismatch' });
    expect(error.message).toContain('film.mp4');
  } finally {
    await workspace.close();
  }
  desk = await openTestInstallation(desk.folder);
});
