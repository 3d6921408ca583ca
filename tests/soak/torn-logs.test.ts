import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { seatMigrations } from '../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../src/main/workspace/database/open-database.ts';
import { openSqliteServerDatabase } from '../../src/server/database/sqlite-server-database.ts';
import { makeTemporaryFolder, openTestInstallation } from '../support/sync/test-installation.ts';
import {
  assignTask,
  inviteToProject,
  setUpOrganization,
  startTestServer,
} from '../support/sync/test-organization.ts';
import { startTestServer as startContractServer } from '../support/server/test-server.ts';
import { TestOrganization } from '../support/server/test-organization.ts';

/** sqlite.org/fileformat2.html#walformat: a header, then frames of a header and a page each. */
const walHeaderBytes = 32;
const frameBytes = 24 + 4096;
const changes = 3;

interface TornLog {
  /** Copies of the database and of its log, as a kill would have left them. */
  readonly databasePath: string;
  readonly log: Buffer;
  /** The length of the log after each change. */
  readonly commitBytes: readonly number[];
}

async function makeFolder(): Promise<string> {
  const { path: folder, remove } = await makeTemporaryFolder();
  onTestFinished(remove);
  return folder;
}

/** Runs the changes, and copies what is on the disk while the program still has it open. */
async function record(
  databasePath: string,
  target: string,
  change: (index: number) => Promise<unknown>,
): Promise<TornLog> {
  const commitBytes: number[] = [];
  for (let index = 0; index < changes; index += 1) {
    await change(index);
    commitBytes.push((await stat(`${databasePath}-wal`)).size);
  }
  await mkdir(target, { recursive: true });
  const copy = path.join(target, 'recorded.db');
  await copyFile(databasePath, copy);
  return { databasePath: copy, log: await readFile(`${databasePath}-wal`), commitBytes };
}

/** Where the log may end: at each frame's end, and within its header or its page. */
function listCuts({ log, commitBytes }: TornLog): number[] {
  const cuts: number[] = [];
  const [first = 0] = commitBytes;
  // What came before is the setting, and the same for all.
  const firstFrame = Math.max(0, Math.floor((first - walHeaderBytes) / frameBytes) - 4);
  for (let frame = firstFrame; walHeaderBytes + frame * frameBytes <= log.length; frame += 1) {
    const end = walHeaderBytes + frame * frameBytes;
    cuts.push(end, end + 10 + (frame % 2) * 1000);
  }
  return cuts.filter((cut) => cut <= log.length);
}

/** The database as it is found with a log that ends there; what comes after is gone, or was never written. */
async function tear(torn: TornLog, cut: number, tail: 'gone' | 'zeros'): Promise<string> {
  const target = `${torn.databasePath}.${cut}.${tail}.db`;
  await copyFile(torn.databasePath, target);
  const kept = torn.log.subarray(0, cut);
  await writeFile(
    `${target}-wal`,
    tail === 'gone' ? kept : Buffer.concat([kept, Buffer.alloc(torn.log.length - cut)]),
  );
  return target;
}

const countCommits = ({ commitBytes }: TornLog, cut: number): number =>
  commitBytes.filter((end) => end <= cut).length;

function readAll(file: string, queries: Readonly<Record<string, string>>): Record<string, unknown> {
  const connection = new Database(file);
  try {
    return {
      integrity: connection.pragma('integrity_check', { simple: true }),
      ...Object.fromEntries(
        Object.entries(queries).map(([name, query]) => [
          name,
          connection.prepare(query).pluck().all(),
        ]),
      ),
    };
  } finally {
    connection.close();
  }
}

test('SY-1 a workspace whose log was torn anywhere has every whole change, and nothing half', async () => {
  const folder = await makeFolder();
  const server = await startTestServer(path.join(folder, 'server'));
  onTestFinished(() => server.close());
  const installation = await openTestInstallation(path.join(folder, 'desk'));
  onTestFinished(() => installation.close());
  // Never synchronised: only the person's own changes are in the log.
  const seat = await setUpOrganization(installation, server.url);
  const { engagementId } = await inviteToProject(seat);
  const databasePath = path.join(installation.folder, 'seats', seat.record.seatId, 'seat.db');
  const torn = await record(databasePath, path.join(folder, 'torn'), (index) =>
    assignTask(seat, engagementId, { title: `Task ${index}` }),
  );
  const before = 2;
  for (const cut of listCuts(torn))
    for (const tail of ['gone', 'zeros'] as const) {
      const file = await tear(torn, cut, tail);
      const opened = await openDatabase(file, seatMigrations);
      await opened.close();
      const found = readAll(file, {
        outbox: 'select "name" from "outbox" order by "deviceSeq"',
        states: 'select "state" from "outboxStates" order by "deviceSeq"',
        titles: 'select "title" from "tasks" order by "title"',
        briefs: 'select count(*) from "briefVersions"',
        chain:
          'select later."deviceSeq" from "outbox" later join "outbox" earlier on later."deviceSeq" = earlier."deviceSeq" + 1 where later."previousHash" <> earlier."rowHash"',
      });
      const whole = countCommits(torn, cut);
      expect(found, `cut at ${cut}, ${tail}`).toMatchObject({
        integrity: 'ok',
        titles: Array.from({ length: whole }, (_, index) => `Task ${index}`),
        briefs: [whole],
        chain: [],
      });
      const { outbox, states } = found as Record<'outbox' | 'states', readonly unknown[]>;
      expect(states.length).toBe(outbox.length);
      if (whole > 0) expect(outbox.length).toBe(before + whole);
    }
}, 120_000);

test('SY-6 a server whose log was torn anywhere has every push that it answered, and nothing half', async () => {
  const server = await startContractServer();
  const folder = await makeFolder();
  const organization = await TestOrganization.create(server.url);
  const { engagementId } = await organization.addIntern();
  const databasePath = path.join(server.dataFolder, 'server.db');
  const counts = {
    log: 'select count(*) from "mutationLog"',
    tasks: 'select count(*) from "tasks"',
    briefs: 'select count(*) from "briefVersions"',
    index: `select count(*) from "rowIndex" where "tableName" = 'tasks'`,
    answers: `select count(*) from "mutationResults" where "name" = 'task.assign'`,
    head: 'select "seq" from "organizationHeads"',
  };
  const before = readAll(databasePath, counts);
  const torn = await record(databasePath, folder, (index) =>
    organization.assignTask(engagementId, { title: `Task ${index}` }),
  );
  for (const cut of listCuts(torn))
    for (const tail of ['gone', 'zeros'] as const) {
      const file = await tear(torn, cut, tail);
      const opened = await openSqliteServerDatabase(file);
      await opened.close();
      const whole = countCommits(torn, cut);
      // Before the first of them, only the setting may be shorter.
      if (whole === 0) continue;
      const [headBefore] = before['head'] as number[];
      const [logBefore] = before['log'] as number[];
      expect(readAll(file, counts), `cut at ${cut}, ${tail}`).toEqual({
        integrity: 'ok',
        log: [(logBefore ?? 0) + whole],
        tasks: [whole],
        briefs: [whole],
        index: [whole],
        answers: [whole],
        head: [(headBefore ?? 0) + whole],
      });
    }
}, 120_000);
