import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  seatMigrations,
  workspaceMigrations,
} from '../../../../src/main/workspace/database/migration-lists.ts';
import type { MigrationList } from '../../../../src/main/workspace/database/new-database-image.ts';
import { openDatabase } from '../../../../src/main/workspace/database/open-database.ts';
import { catchStintError, makeTemporaryFolder } from '../../../support/sync/test-installation.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
beforeEach(async () => {
  temporary = await makeTemporaryFolder();
});
afterEach(() => temporary.remove());

/** Everything that a database holds, but for when it was migrated. */
async function readAll(name: string, migrations: MigrationList): Promise<unknown> {
  const { connection, close } = await openDatabase(join(temporary.path, name), migrations);
  const schema = connection
    .prepare(`select type, name, tbl_name, sql from sqlite_master order by type, name`)
    .all() as { type: string; name: string }[];
  const rows = schema
    .filter(({ type, name: table }) => type === 'table' && table !== 'kysely_migration')
    .map(({ name: table }) => [table, connection.prepare(`select * from "${table}"`).all()]);
  const migrated = connection.prepare('select name from kysely_migration').all();
  await close();
  return { schema, rows, migrated };
}

test('SY-20 a further new database is the same as one on which every migration ran', async () => {
  for (const [kind, list] of Object.entries({ seatMigrations, workspaceMigrations })) {
    const [known, unknown] = [{ ...list }, { ...list }];
    const first = await readAll(`${kind}-1.db`, known);
    expect(await readAll(`${kind}-2.db`, known)).toEqual(first);
    // Two that were migrated one by one: no migration puts in what is one database's alone.
    expect(await readAll(`${kind}-3.db`, unknown)).toEqual(first);
  }
  expect((await readdir(temporary.path)).filter((name) => name.endsWith('.new'))).toEqual([]);
});

test('SY-2 nothing is placed beside a log that was left there', async () => {
  const migrations = { ...seatMigrations };
  await readAll('first.db', migrations);
  await writeFile(join(temporary.path, 'second.db-wal'), 'left');
  const before = new Database(join(temporary.path, 'first.db'), { readonly: true });
  const pages = before.pragma('page_count', { simple: true });
  before.close();
  const { connection, close } = await openDatabase(join(temporary.path, 'second.db'), migrations);
  expect(connection.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(connection.pragma('page_count', { simple: true })).toBe(pages);
  await close();
});

test('where it cannot be written, the error is the one of a first database', async () => {
  const path = join(temporary.path, 'nowhere', 'seat.db');
  const migrations = { ...seatMigrations };
  const first = await catchStintError(() => openDatabase(path, migrations));
  await readAll('made.db', migrations);
  const second = await catchStintError(() => openDatabase(path, migrations));
  expect({ code: second.code, message: second.message }).toEqual({
    code: first.code,
    message: first.message,
  });
});
