import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import {
  copyDatabase,
  findDatabaseProblem,
} from '../../../../src/main/workspace/database/run-database-task.ts';
import { makeTemporaryFolder } from '../../../support/bundles/temporary-folder.ts';

test('a database that is whole has no problem; one that is none, or not there, has', async () => {
  const folder = await makeTemporaryFolder();
  const whole = join(folder, 'whole.db');
  new Database(whole).exec('create table "rows" ("id" integer)').close();
  expect(await findDatabaseProblem(whole)).toBeUndefined();
  const other = join(folder, 'other.db');
  await writeFile(
    other,
    'a text of somebody’s, longer than the header of a database would be. '.repeat(9),
  );
  expect(await findDatabaseProblem(other)).toContain('not a database');
  expect(await findDatabaseProblem(join(folder, 'missing.db'))).toBe('the file is missing');
  await expect(copyDatabase(other, join(folder, 'copy.gz'))).rejects.toMatchObject({
    code: 'database_damaged',
  });
});

test('a database that cannot be looked at just now is not taken for damaged', async () => {
  const folder = await makeTemporaryFolder();
  const closed = join(folder, 'seat.db');
  const connection = new Database(closed);
  connection.pragma('journal_mode = WAL');
  connection.exec('create table "rows" ("id" integer)').close();
  // What belongs to it cannot be opened, as where no handle is left.
  await mkdir(`${closed}-wal`);
  await expect(findDatabaseProblem(closed)).rejects.toMatchObject({ code: 'internal' });
  await expect(copyDatabase(closed, join(folder, 'copy.gz'))).rejects.toMatchObject({
    code: 'internal',
  });
  expect(await readdir(folder)).toEqual(['seat.db', 'seat.db-wal']);
});
