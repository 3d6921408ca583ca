import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { keepContents } from '../../../src/server/database/contents-guard.ts';
import {
  collectServer,
  listServerUsage,
  type ServerPlace,
} from '../../../src/server/upkeep/keep-up-server.ts';
import { type Collection, collectContents } from '../../../src/server/files/collect-contents.ts';
import { createSystemTimers } from '../../../src/server/ports/system-timers.ts';
import type { Timers } from '../../../src/shared/ports.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { createLossyLink } from '../../support/server/lossy-link.ts';
import { openServerParts } from '../../support/server/open-server-parts.ts';
import { listRecords } from '../../support/server/test-database.ts';
import { computeSha256, createId } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer, type TestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

const dayMs = 24 * 3_600_000;

/** A server whose clock a test moves, and what is collected on it while it is stopped. */
async function setUp() {
  const time = createHeldTime(Date.now());
  let runDaily = (): void => undefined;
  const system = createSystemTimers();
  const timers: Timers = {
    after(delayMs, action) {
      if (delayMs !== dayMs) return system.after(delayMs, action);
      runDaily = action;
      return () => undefined;
    },
  };
  const ports = { clock: time.clock, timers };
  let server = await startTestServer({ ports });
  const organization = await TestOrganization.create(server.url);
  const { orgId } = organization;
  const { device, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  let intern = device;
  const place = (): ServerPlace => ({
    dataFolder: server.dataFolder,
    databaseUrl: server.databaseUrl,
    ports: { clock: time.clock },
  });
  /** One look marks what is loose, and one eight days later removes it. */
  const collect = async (isDryRun = false): Promise<Collection> => {
    await server.close();
    const collection = await collectServer({ ...place(), isDryRun });
    server = await server.restart({ ports });
    intern = intern.moveTo(server.url);
    return collection;
  };
  return {
    time,
    organization,
    orgId,
    task,
    place,
    collect,
    runDaily: (): void => runDaily(),
    server: (): TestServer => server,
    intern: () => intern,
    isStored: (content: Uint8Array): boolean => {
      const sha256 = computeSha256(content);
      return existsSync(path.join(server.dataFolder, 'blobs', orgId, sha256.slice(0, 2), sha256));
    },
    listWanted: async (): Promise<{ sha256: string }[]> => {
      const answer = await intern.fetch(endpoints.wantedFiles(orgId));
      return ((await answer.json()) as { wanted: { sha256: string }[] }).wanted;
    },
  };
}

test('SY-22 a content that nothing refers to goes after seven days, and what it took of the quota comes back', async () => {
  const setting = await setUp();
  const { time, orgId, collect, isStored } = setting;
  const loose = randomBytes(1000);
  await uploadContent(setting.intern(), orgId, loose);
  expect(await collect()).toMatchObject({ looseContents: 1, collectedContents: 0 });
  time.advance(6 * dayMs);
  expect(await collect()).toMatchObject({ looseContents: 1, collectedContents: 0 });
  time.advance(2 * dayMs);
  expect(await collect(true)).toMatchObject({ collectedContents: 1, collectedBytes: 1000 });
  expect(isStored(loose)).toBe(true);
  expect(await collect()).toMatchObject({ collectedContents: 1, collectedBytes: 1000 });
  expect(isStored(loose)).toBe(false);
  expect(await listServerUsage(setting.place())).toMatchObject([{ usedBytes: 0 }]);
});

test('SY-22 of two collections at once one collects each content, and its room comes back once', async () => {
  const setting = await setUp();
  const { time, orgId, collect } = setting;
  for (let count = 0; count < 3; count += 1)
    await uploadContent(setting.intern(), orgId, randomBytes(1000));
  await collect();
  time.advance(8 * dayMs);
  await setting.server().close();
  const parts = await openServerParts(setting.server());
  const dependencies = {
    ...parts,
    ports: { ...parts.ports, clock: time.clock },
    dataFolder: setting.server().dataFolder,
  };
  const used: number[] = [];
  const watched = {
    ...dependencies.blobs,
    async remove(...content: Parameters<typeof dependencies.blobs.remove>) {
      const room = await parts.database.db
        .selectFrom('organizationStorage')
        .select('usedBytes')
        .executeTakeFirstOrThrow();
      used.push(room.usedBytes);
      await dependencies.blobs.remove(...content);
    },
  };
  const collections = await Promise.all(
    [1, 2].map(() => collectContents({ ...dependencies, blobs: watched })),
  );
  expect(collections.reduce((sum, { collectedContents }) => sum + collectedContents, 0)).toBe(3);
  expect(used).toEqual([2000, 1000, 0]);
});

test('SY-23 a content whose lock is lost while it is collected stays in the store: somebody may be giving it again', async () => {
  const setting = await setUp();
  const { time, orgId, collect, isStored } = setting;
  const content = randomBytes(1000);
  await uploadContent(setting.intern(), orgId, content);
  await collect();
  time.advance(8 * dayMs);
  await setting.server().close();
  const { database, link: held, ...parts } = await openServerParts(setting.server());
  const { link, lose } = createLossyLink(held);
  const collection = collectContents({
    ...parts,
    link,
    ports: { ...parts.ports, clock: time.clock },
    dataFolder: setting.server().dataFolder,
    database: {
      ...database,
      async write(action) {
        const written = await database.write(action);
        lose();
        return written;
      },
    },
  });
  await expect(collection).rejects.toMatchObject({ code: 'lock_lost' });
  expect(isStored(content)).toBe(true);
});

test('SY-22 what is handed in, stands in a draft, or could be brought back into one, stays', async () => {
  const setting = await setUp();
  const { time, orgId, task, collect, isStored } = setting;
  const [handedIn, drafted, replaced] = [randomBytes(100), randomBytes(200), randomBytes(300)];
  for (const content of [handedIn, drafted, replaced])
    await uploadContent(setting.intern(), orgId, content);
  const file = createManifestFile(replaced);
  await setting
    .intern()
    .apply(
      orgId,
      ['draft.attach', { taskId: task.taskId, file: createManifestFile(drafted) }],
      ['draft.attach', { taskId: task.taskId, file }],
      ['draft.detach', { attachmentId: file.attachmentId, detached: true }],
    );
  await collect();
  time.advance(30 * dayMs);
  await collect();
  expect([drafted, replaced].map(isStored)).toEqual([true, true]);
  expect(isStored(handedIn)).toBe(false);

  // Handed in, what was replaced before cannot come back any more.
  await uploadContent(setting.intern(), orgId, handedIn);
  await setting
    .intern()
    .apply(orgId, [
      'submission.create',
      createSubmissionArgs(task, { files: [createManifestFile(handedIn)] }),
    ]);
  time.advance(30 * dayMs);
  await collect();
  time.advance(8 * dayMs);
  await collect();
  expect([handedIn, drafted, replaced].map(isStored)).toEqual([true, true, false]);
});

test('SY-22 a content that is attached after it was collected is asked for again, and arrives', async () => {
  const setting = await setUp();
  const { time, orgId, task, collect, isStored } = setting;
  const content = randomBytes(500);
  await uploadContent(setting.intern(), orgId, content);
  await collect();
  time.advance(8 * dayMs);
  await collect();
  expect(isStored(content)).toBe(false);
  await setting
    .intern()
    .apply(orgId, [
      'submission.create',
      createSubmissionArgs(task, { files: [createManifestFile(content)] }),
    ]);
  expect(await setting.listWanted()).toMatchObject([{ sha256: computeSha256(content) }]);
  await uploadContent(setting.intern(), orgId, content);
  expect(await setting.listWanted()).toEqual([]);
  expect(await setting.intern().list(orgId, 'submissions')).toMatchObject([
    { filesCompleteAt: expect.any(String) },
  ]);
});

test('SY-22 a file that is brought back into its draft after it was collected is asked for again, and arrives', async () => {
  const setting = await setUp();
  const { time, orgId, task, collect, isStored } = setting;
  const [removed, other] = [randomBytes(300), randomBytes(100)];
  for (const content of [removed, other]) await uploadContent(setting.intern(), orgId, content);
  const file = createManifestFile(removed);
  const bringBack = async () => {
    await setting
      .intern()
      .apply(orgId, ['draft.detach', { attachmentId: file.attachmentId, detached: false }]);
    const rows = await setting.intern().list(orgId, 'attachments');
    const row = rows.find(({ id }) => id === file.attachmentId);
    return { isRemoved: row?.['removedAt'] !== null, hasArrived: row?.['arrivedAt'] !== null };
  };
  const remove = async () =>
    setting
      .intern()
      .apply(orgId, ['draft.detach', { attachmentId: file.attachmentId, detached: true }]);
  await setting.intern().apply(orgId, ['draft.attach', { taskId: task.taskId, file }]);
  // While its content is there, nothing is asked for.
  await remove();
  expect(await bringBack()).toEqual({ isRemoved: false, hasArrived: true });
  await remove();
  // Handed in without it, from a computer of which the one that brings it back has not heard.
  time.advance(1000);
  const files = [createManifestFile(other)];
  await setting.intern().apply(orgId, ['submission.create', createSubmissionArgs(task, { files })]);
  time.advance(8 * dayMs);
  await collect();
  time.advance(8 * dayMs);
  await collect();
  expect(isStored(removed)).toBe(false);
  expect(await bringBack()).toEqual({ isRemoved: false, hasArrived: false });
  expect((await setting.listWanted()).map(({ sha256 }) => sha256)).toEqual([file.sha256]);
  await uploadContent(setting.intern(), orgId, removed);
  expect(await setting.listWanted()).toEqual([]);
  expect(await bringBack()).toEqual({ isRemoved: false, hasArrived: true });
});

test('SY-22 a content that is attached again in its last moment stays', async () => {
  const setting = await setUp();
  const { time, orgId, task, collect, isStored } = setting;
  const content = randomBytes(500);
  await uploadContent(setting.intern(), orgId, content);
  await collect();
  time.advance(8 * dayMs);
  await setting
    .intern()
    .apply(orgId, ['draft.attach', { taskId: task.taskId, file: createManifestFile(content) }]);
  expect(await collect()).toMatchObject({ collectedContents: 0, looseContents: 0 });
  expect(isStored(content)).toBe(true);
  expect(await setting.listWanted()).toEqual([]);
});

test('SY-10 SY-22 the files of what waits in quarantine stay', async () => {
  const setting = await setUp();
  const { time, organization, orgId, task, collect, isStored } = setting;
  const content = randomBytes(500);
  await uploadContent(setting.intern(), orgId, content);
  const membership = (await setting.intern().list(orgId, 'memberships')).find(
    (row) => row['role'] === 'intern',
  );
  await organization.owner
    .moveTo(setting.server().url)
    .apply(orgId, ['member.remove', { membershipId: membership?.['id'] }]);
  const late = setting
    .intern()
    .createMutation(
      'submission.create',
      createSubmissionArgs(task, { files: [createManifestFile(content)] }),
    );
  expect(await setting.intern().push(orgId, [late])).toMatchObject({
    results: [{ status: 'quarantined' }],
  });
  await collect();
  time.advance(30 * dayMs);
  await collect();
  expect(isStored(content)).toBe(true);
});

test('SY-15 nothing is collected while a backup reads', async () => {
  const setting = await setUp();
  const { time, orgId, collect, isStored } = setting;
  const content = randomBytes(500);
  await uploadContent(setting.intern(), orgId, content);
  await collect();
  time.advance(8 * dayMs);
  const [one, other] = [1, 2].map(() => keepContents(setting.server().dataFolder));
  expect((await collect()).postponed).toMatch(/backup/);
  one?.();
  expect((await collect()).postponed).toMatch(/backup/);
  other?.();
  expect(isStored(content)).toBe(true);
  expect(await collect()).toMatchObject({ collectedContents: 1, postponed: null });
});

test('a server that is started anew every day collects as well, half an hour after its start', async () => {
  const time = createHeldTime(Date.now());
  const system = createSystemTimers();
  let runFirst = (): void => undefined;
  const timers: Timers = {
    after(delayMs, action) {
      if (delayMs !== 30 * 60_000) return system.after(delayMs, action);
      runFirst = action;
      return () => undefined;
    },
  };
  const ports = { clock: time.clock, timers };
  const server = await startTestServer({ ports });
  const { orgId, owner } = await TestOrganization.create(server.url);
  const loose = randomBytes(1000);
  await uploadContent(owner, orgId, loose);
  const list = () => listRecords(server, 'select "looseSince" from "contents"');
  runFirst();
  await vi.waitFor(async () => {
    expect(await list()).not.toEqual([{ looseSince: null }]);
  });
  time.advance(8 * dayMs);
  await server.restart({ ports });
  runFirst();
  await vi.waitFor(async () => {
    expect(await list()).toEqual([]);
  });
});

test('what no table knows goes after seven days, and what a server that runs on SQLite collects is its own business', async () => {
  const setting = await setUp();
  const { time, orgId, collect } = setting;
  const folder = path.join(setting.server().dataFolder, 'blobs', orgId, 'ab');
  const stray = path.join(folder, `ab${createId().replaceAll('-', '')}${'0'.repeat(30)}`);
  await mkdir(folder, { recursive: true });
  await writeFile(stray, 'stray');
  await utimes(stray, 1, 1);
  expect(await collect()).toMatchObject({ collectedStrays: 0 });
  time.advance(8 * dayMs);
  expect(await collect()).toMatchObject({ collectedStrays: 1 });
  expect(existsSync(stray)).toBe(false);
  const running = collectServer({ ...setting.place(), isDryRun: false });
  if (setting.server().databaseUrl === undefined)
    await expect(running).rejects.toMatchObject({ code: 'workspace_in_use' });
  else await expect(running).resolves.toMatchObject({ postponed: null });
});

test('SY-22 uploads, attaches and a collection at once leave no attachment without its content', async () => {
  const setting = await setUp();
  const { time, orgId, task, isStored } = setting;
  const contents = Array.from({ length: 12 }, () => randomBytes(2000));
  for (const content of contents) await uploadContent(setting.intern(), orgId, content);
  await setting.collect();
  time.advance(8 * dayMs);
  // In the server itself, as its own timer would; whatever comes first, neither waits for the other to be over.
  setting.runDaily();
  const attach = async (content: Uint8Array, index: number): Promise<void> => {
    const file = createManifestFile(content);
    if (index % 2 === 0) await uploadContent(setting.intern(), orgId, content);
    await setting.intern().apply(orgId, ['draft.attach', { taskId: task.taskId, file }]);
  };
  await Promise.all(contents.map(attach));
  const wanted = new Set((await setting.listWanted()).map(({ sha256 }) => sha256));
  for (const content of contents)
    expect(isStored(content) || wanted.has(computeSha256(content))).toBe(true);
  for (const content of contents)
    if (wanted.has(computeSha256(content))) await uploadContent(setting.intern(), orgId, content);
  await setting.collect();
  time.advance(30 * dayMs);
  await setting.collect();
  expect(contents.filter((content) => !isStored(content))).toEqual([]);
  expect(await setting.listWanted()).toEqual([]);
  const rows = await setting.intern().list(orgId, 'attachments');
  expect(rows.filter(({ arrivedAt }) => arrivedAt === null)).toEqual([]);
});
