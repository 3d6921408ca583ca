import { statSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { seatMigrations } from '../../../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../../../src/main/workspace/database/open-database.ts';
import type { SeatDatabase } from '../../../../src/main/workspace/database/seat-tables.ts';
import { SeparateCheckpoints } from '../../../../src/main/workspace/database/separate-checkpoints.ts';
import { makeTemporaryFolder } from '../../../support/bundles/temporary-folder.ts';

test('SY-2 between begin and end the log is moved after a commit, never by it, and as usual afterwards', async () => {
  const file = path.join(await makeTemporaryFolder(), 'seat.db');
  const opened = await openDatabase<SeatDatabase>(file, seatMigrations);
  onTestFinished(() => opened.close());
  const { connection } = opened;
  connection.exec('create table "filler" ("content" blob not null)');
  const fill = (megabytes: number): void => {
    connection.prepare(`insert into "filler" values (zeroblob(?))`).run(megabytes * 1024 * 1024);
  };
  const countFrames = (): number => statSync(`${file}-wal`).size;
  connection.pragma('wal_checkpoint(TRUNCATE)');
  const checkpoints = new SeparateCheckpoints(opened);

  checkpoints.begin();
  for (let count = 0; count < 4; count += 1) fill(5);
  expect(countFrames()).toBeGreaterThan(20 * 1024 * 1024);
  const databaseBytes = statSync(file).size;
  await checkpoints.afterCommit();
  expect(statSync(file).size).toBeGreaterThan(databaseBytes + 20 * 1024 * 1024);
  // Everything was moved, so the log begins anew and gets no longer.
  const logBytes = countFrames();
  fill(5);
  expect(countFrames()).toBe(logBytes);

  checkpoints.end();
  expect(connection.pragma('wal_autocheckpoint', { simple: true })).toBe(1000);
});
