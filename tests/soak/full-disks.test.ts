import { rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Seat } from '../../src/main/workspace/seats/seat.ts';
import { describeWriteFailure } from '../../src/main/workspace/database/describe-write-failure.ts';
import type { RunningServer } from '../../src/server/start-server.ts';
import { installSqliteHook } from '../simulation/core/sqlite-hook.ts';
import { mountSmallDisk, type SmallDisk } from '../support/mount-small-disk.ts';
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
import {
  assignTask,
  inviteToProject,
  join,
  setUpOrganization,
  startTestServer,
  submit,
} from '../support/sync/test-organization.ts';
import { inspectDatabase } from '../support/server/test-database.ts';

const hook = installSqliteHook();
const unlimitedPages = 2 ** 30;

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let server: RunningServer;
let desk: TestInstallation;
let laptop: TestInstallation;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
});
async function open(serverFolder: string, deskFolder: string, laptopFolder: string): Promise<void> {
  // In the opposite order: everything is closed before its folder goes.
  onTestFinished(() => temporary.remove());
  onTestFinished(closeAll);
  server = await startTestServer(serverFolder);
  desk = await openTestInstallation(deskFolder);
  laptop = await openTestInstallation(laptopFolder);
}

async function closeAll(): Promise<void> {
  await desk.close();
  await laptop.close();
  await server.close();
}

/** How much the database file may still grow, in pages; undefined takes the limit away. */
function limitGrowth(filePath: string, pages: number | undefined): void {
  const connection = hook.findConnection(filePath);
  if (connection === undefined) throw new Error(`nobody has ${filePath} open`);
  const now = connection.pragma('page_count', { simple: true }) as number;
  connection.pragma(`max_page_count = ${pages === undefined ? unlimitedPages : now + pages}`);
}

const largeTitle = (index: number): string => `Task ${String(index).padStart(2, '0')}`;
const longBrief = 'Look at every shop in town. '.repeat(400);

async function countOnServer(serverFolder: string): Promise<Record<string, number>> {
  return inspectDatabase(serverFolder, (connection) => {
    const count = (table: string): number =>
      connection.prepare(`select count(*) from "${table}"`).pluck().get() as number;
    return {
      log: count('mutationLog'),
      answers: count('mutationResults'),
      tasks: count('tasks'),
      briefs: count('briefVersions'),
    };
  });
}

async function reviseAtLength(seat: Seat, taskId: string): Promise<void> {
  await seat.mutate(
    'task.reviseBrief',
    { taskId, briefVersionId: uuid(), instructions: longBrief, criteria: [], seen: [] },
    { subject: 'long' },
  );
}

/** So that each attempt ends at another statement. */
const pagesLeft = [0, 1, 2, 3, 5, 8, 13, 21];

test('SY-6 a server whose disk fills in the middle of a push takes all of it or nothing, and all of it once there is room', async () => {
  const serverFolder = path.join(temporary.path, 'server');
  await open(serverFolder, path.join(temporary.path, 'desk'), path.join(temporary.path, 'laptop'));
  const employer = await setUpOrganization(desk, server.url);
  const { engagementId } = await inviteToProject(employer);
  desk.sync.start();
  await settle(desk);
  const database = path.join(serverFolder, 'server.db');
  for (const pages of pagesLeft) {
    await desk.sync.stop();
    const before = await countOnServer(serverFolder);
    for (let index = 0; index < 4; index += 1) {
      const { taskId } = await assignTask(employer, engagementId, { title: largeTitle(index) });
      await reviseAtLength(employer, taskId);
    }
    limitGrowth(database, pages);
    desk.sync.start();
    await waitFor('the reason', async () => {
      const { problem } = await desk.sync.settle(0);
      return problem?.includes('disk of the server is full');
    });
    expect(await countOnServer(serverFolder), `${pages} pages left`).toEqual(before);
    limitGrowth(database, undefined);
    await settle(desk, 30_000);
    expect(await countOnServer(serverFolder)).toEqual({
      log: (before['log'] ?? 0) + 8,
      answers: (before['answers'] ?? 0) + 8,
      tasks: (before['tasks'] ?? 0) + 4,
      briefs: (before['briefs'] ?? 0) + 8,
    });
  }
}, 120_000);

test('SY-11 a workspace whose disk fills in the middle of a pull says so, keeps what it had, and goes on once there is room', async () => {
  const laptopFolder = path.join(temporary.path, 'laptop');
  await open(path.join(temporary.path, 'server'), path.join(temporary.path, 'desk'), laptopFolder);
  const employer = await setUpOrganization(desk, server.url);
  desk.sync.start();
  const { engagementId, code } = await inviteToProject(employer);
  await settle(desk);
  const intern = await join(laptop, server.url, code);
  laptop.sync.start();
  await settle(laptop);
  const database = path.join(laptopFolder, 'seats', intern.record.seatId, 'seat.db');
  const listTitles = async (seat: Seat): Promise<string[]> => {
    const rows = await seat.db.selectFrom('tasks').select('title').orderBy('title').execute();
    return rows.map(({ title }) => title);
  };
  for (const pages of pagesLeft) {
    const before = await listTitles(intern);
    limitGrowth(database, pages);
    for (let index = 0; index < 6; index += 1) {
      const { taskId } = await assignTask(employer, engagementId, {
        title: `${pages} ${largeTitle(index)}`,
      });
      await reviseAtLength(employer, taskId);
      await reviseAtLength(employer, taskId);
    }
    await settle(desk, 30_000);
    await waitFor('the reason', async () => {
      const { problem } = await laptop.sync.settle(0);
      return problem?.includes('no room on the disk of this computer');
    });
    const [found, all] = [await listTitles(intern), await listTitles(employer)];
    expect(all.filter((title) => !found.includes(title)).length).toBeGreaterThan(0);
    expect(found).toEqual(expect.arrayContaining(before));
    expect(intern.opened.connection.pragma('integrity_check', { simple: true })).toBe('ok');
    limitGrowth(database, undefined);
    await settle(laptop, 30_000);
    expect(await listTitles(intern)).toEqual(all);
  }
}, 120_000);

test('SY-1 a workspace whose disk fills while a person works refuses in plain words, and keeps all or nothing', async () => {
  const deskFolder = path.join(temporary.path, 'desk');
  await open(path.join(temporary.path, 'server'), deskFolder, path.join(temporary.path, 'laptop'));
  const employer = await setUpOrganization(desk, server.url);
  const { engagementId } = await inviteToProject(employer);
  const { taskId } = await assignTask(employer, engagementId);
  const database = path.join(deskFolder, 'seats', employer.record.seatId, 'seat.db');
  const count = async () => [
    (await employer.db.selectFrom('outbox').select('id').execute()).length,
    (await employer.db.selectFrom('outboxStates').select('mutationId').execute()).length,
    (await employer.db.selectFrom('briefVersions').select('id').execute()).length,
  ];
  for (const pages of pagesLeft) {
    const before = await count();
    limitGrowth(database, pages);
    let saved = 0;
    const failure = await (async (): Promise<unknown> => {
      for (;;) {
        await reviseAtLength(employer, taskId);
        saved += 1;
      }
    })().catch((error: unknown) => describeWriteFailure(error));
    expect(failure).toMatchObject({ code: 'disk_full' });
    expect(await count(), `${pages} pages left`).toEqual(before.map((number) => number + saved));
    limitGrowth(database, undefined);
  }
  desk.sync.start();
  await settle(desk, 30_000);
}, 120_000);

function skipAloud(skip: (reason: string) => never, obstacle: string): never {
  console.log(`A test on a small disk is skipped: ${obstacle}.`);
  return skip(obstacle);
}

/** Fills what is left of a disk. */
async function fill(disk: SmallDisk): Promise<() => Promise<void>> {
  const ballast = path.join(disk.path, 'ballast');
  const { bavail, bsize } = await statfs(disk.path);
  await writeFile(ballast, Buffer.alloc(Number(bavail) * Number(bsize)));
  return () => rm(ballast);
}

async function importFile(installation: TestInstallation) {
  const content = Buffer.from(ports.randomness.bytes(400_000));
  const stored = await installation.files.importStream([content] as never);
  return { attachmentId: uuid(), name: 'film.mp4', mediaType: 'video/mp4', ...stored };
}

test('SY-9, SY-22 a server on a small disk that is full takes nothing, and everything once there is room', async ({
  skip,
}) => {
  const disk = await mountSmallDisk(8 * 1024 * 1024);
  if ('obstacle' in disk) return skipAloud(skip, disk.obstacle);
  onTestFinished(() => disk.unmount());
  const serverFolder = path.join(disk.path, 'server');
  await open(serverFolder, path.join(temporary.path, 'desk'), path.join(temporary.path, 'laptop'));
  const employer = await setUpOrganization(desk, server.url);
  desk.sync.start();
  const { engagementId, code } = await inviteToProject(employer);
  await settle(desk);
  const intern = await join(laptop, server.url, code);
  const task = await assignTask(employer, engagementId);
  await settle(desk);
  laptop.sync.start();
  await settle(laptop);

  const free = await fill(disk);
  const submissionId = await submit(intern, task, { files: [await importFile(laptop)] });
  await waitFor('the reason', async () => {
    const { problem } = await laptop.sync.settle(0);
    return problem?.includes('disk of the server is full');
  });
  const { attentionCount } = await laptop.sync.settle(0);
  expect(attentionCount).toBe(0);
  await free();
  await settle(laptop, 30_000);
  await settle(desk, 30_000);
  const submission = await employer.db
    .selectFrom('submissions')
    .select('filesCompleteAt')
    .where('id', '=', submissionId)
    .executeTakeFirstOrThrow();
  expect(submission.filesCompleteAt).not.toBeNull();
}, 120_000);

test('SY-1, SY-21 a workspace on a small disk that is full refuses files and changes in plain words, and loses none', async ({
  skip,
}) => {
  const disk = await mountSmallDisk(6 * 1024 * 1024);
  if ('obstacle' in disk) return skipAloud(skip, disk.obstacle);
  onTestFinished(() => disk.unmount());
  await open(
    path.join(temporary.path, 'server'),
    path.join(disk.path, 'desk'),
    path.join(temporary.path, 'laptop'),
  );
  const employer = await setUpOrganization(desk, server.url);
  const { engagementId } = await inviteToProject(employer);
  const { taskId } = await assignTask(employer, engagementId);
  const free = await fill(disk);
  expect((await catchStintError(() => importFile(desk))).code).toBe('disk_full');
  let saved = 0;
  const failure = await (async (): Promise<unknown> => {
    for (;;) {
      await reviseAtLength(employer, taskId);
      saved += 1;
    }
  })().catch((error: unknown) => describeWriteFailure(error));
  expect(failure).toMatchObject({ code: 'disk_full' });
  const waiting = await employer.db.selectFrom('outbox').select('id').execute();
  expect(waiting).toHaveLength(3 + saved);
  await free();
  await importFile(desk);
  desk.sync.start();
  await settle(desk, 30_000);
  expect(await employer.db.selectFrom('briefVersions').select('id').execute()).toHaveLength(
    1 + saved,
  );
}, 120_000);
