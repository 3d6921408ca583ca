import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seatMigrations } from '../../../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../../../src/main/workspace/database/open-database.ts';
import type { SeatDatabase } from '../../../../src/main/workspace/database/seat-tables.ts';
import { makeTemporaryFolder } from '../../../support/sync/test-installation.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
beforeEach(async () => {
  temporary = await makeTemporaryFolder();
});
afterEach(() => temporary.remove());

const open = (migrations = seatMigrations) =>
  openDatabase<SeatDatabase>(join(temporary.path, 'seat.db'), migrations);

function insert(connection: Database.Database, deviceSeq: number, state: string): void {
  connection
    .prepare(
      `insert into "outbox" ("deviceSeq", "id", "name", "version", "argsJson", "argsHash", "previousHash", "rowHash",
        "claimedAt", "bootId", "monotonicMs", "baseSeq")
       values (?, ?, 'time.add', 1, '{}', '', '', '', '', '', 0, 0)`,
    )
    .run(deviceSeq, `id-${deviceSeq}`);
  connection
    .prepare(
      `insert into "outboxStates" ("mutationId", "deviceSeq", "state", "subject") values (?, ?, ?, '')`,
    )
    .run(`id-${deviceSeq}`, deviceSeq, state);
}

const readCounts = (connection: Database.Database): unknown =>
  connection.prepare(`select * from "outboxCounts" where "count" <> 0 order by "state"`).all();

test('the changes in each state are counted as they come, change and go', async () => {
  const { connection, close } = await open();
  for (const deviceSeq of [1, 2, 3, 4]) insert(connection, deviceSeq, 'pending');
  expect(readCounts(connection)).toEqual([{ state: 'pending', count: 4, forOthers: 0 }]);
  connection.exec(`update "outboxStates" set "answeredAt" = '2026-01-01' where "deviceSeq" = 1`);
  connection.exec(`update "outboxStates" set "acknowledgedSeq" = 0 where "deviceSeq" in (2, 3)`);
  connection.exec(`update "outboxStates" set "replayProblem" = 'gone' where "deviceSeq" in (2, 4)`);
  expect(readCounts(connection)).toEqual([{ state: 'pending', count: 4, forOthers: 2 }]);
  connection.exec(`update "outboxStates" set "state" = 'applied' where "deviceSeq" <= 2`);
  expect(readCounts(connection)).toEqual([
    { state: 'applied', count: 2, forOthers: 0 },
    { state: 'pending', count: 2, forOthers: 0 },
  ]);
  connection.exec(`update "outboxStates" set "state" = 'pending' where "deviceSeq" = 2`);
  expect(readCounts(connection)).toEqual([
    { state: 'applied', count: 1, forOthers: 0 },
    { state: 'pending', count: 3, forOthers: 1 },
  ]);
  connection.exec(`delete from "outboxStates" where "deviceSeq" <> 3`);
  expect(readCounts(connection)).toEqual([{ state: 'pending', count: 1, forOthers: 0 }]);
  await close();
});

test('a database of an earlier version begins with what it holds', async () => {
  const {
    'seat-0006-counted-outbox': _,
    'seat-0007-quick-search': _later,
    ...earlier
  } = seatMigrations;
  const before = await open(earlier);
  insert(before.connection, 1, 'settled');
  insert(before.connection, 2, 'pending');
  insert(before.connection, 3, 'pending');
  before.connection.exec(
    `update "outboxStates" set "answeredAt" = '2026-01-01' where "deviceSeq" = 3`,
  );
  await before.close();
  const { connection, close } = await open();
  expect(readCounts(connection)).toEqual([
    { state: 'pending', count: 2, forOthers: 1 },
    { state: 'settled', count: 1, forOthers: 0 },
  ]);
  await close();
});

test('the files that wait are found without those that have arrived', async () => {
  const { connection, close } = await open();
  const plan = connection
    .prepare(
      `explain query plan select count(*), sum("sizeBytes"), sum("sentBytes") from "uploads" where "finishedAt" is null`,
    )
    .all() as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toContain('uploadsThatWait');
  await close();
});
