import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  seatMigrations,
  workspaceMigrations,
} from '../../../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../../../src/main/workspace/database/open-database.ts';
import type { SeatDatabase } from '../../../../src/main/workspace/database/seat-tables.ts';
import { domainRowSchemas, domainTables } from '../../../../src/shared/database/domain-tables.ts';
import { catchStintError, makeTemporaryFolder } from '../../../support/sync/test-installation.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
beforeEach(async () => {
  temporary = await makeTemporaryFolder();
});
afterEach(() => temporary.remove());

test('SY-2 every connection writes through to the disk before it answers', async () => {
  for (const migrations of [seatMigrations, workspaceMigrations]) {
    const path = join(temporary.path, `${Object.keys(migrations).join()}.db`);
    for (let round = 0; round < 2; round += 1) {
      const { connection, db, close } = await openDatabase<SeatDatabase>(path, migrations);
      // better-sqlite3 would fall back to NORMAL after the first write in WAL mode: look after one.
      connection.exec('create table if not exists "probe" ("x"); insert into "probe" values (1)');
      expect(connection.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(connection.pragma('synchronous', { simple: true })).toBe(2);
      expect(connection.pragma('foreign_keys', { simple: true })).toBe(1);
      expect(connection.pragma('fullfsync', { simple: true })).toBe(1);
      expect(db).toBeDefined();
      await close();
    }
  }
});

test('SY-5 a transaction holds the write lock from its beginning, unless it only reads', async () => {
  const path = join(temporary.path, 'seat.db');
  const { db, close } = await openDatabase<SeatDatabase>(path, seatMigrations);
  const other = new Database(path, { timeout: 0 });
  const write = () => other.exec(`update "seatState" set "headHash" = 'other'`);
  await db.transaction().execute(async (tx) => {
    await tx.selectFrom('seatState').selectAll().execute();
    expect(write).toThrow(/locked/);
    await tx.updateTable('seatState').set({ headHash: 'mine' }).execute();
  });
  await db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      await tx.selectFrom('seatState').selectAll().execute();
      expect(write).not.toThrow();
    });
  other.close();
  await close();
});

test('the domain tables have exactly the columns that their schemas say', async () => {
  const { db, close } = await openDatabase<SeatDatabase>(
    join(temporary.path, 'seat.db'),
    seatMigrations,
  );
  const tables = await db.introspection.getTables();
  for (const table of domainTables) {
    const found = tables.find((candidate) => candidate.name === table);
    const columns = Object.fromEntries(
      (found?.columns ?? []).map((column) => [column.name, column.isNullable]),
    );
    const declared = Object.fromEntries(
      Object.entries(domainRowSchemas[table].shape).map(([column, schema]) => [
        column,
        schema.safeParse(null).success,
      ]),
    );
    expect(columns, table).toEqual(declared);
  }
  await close();
});

test('a database of a newer version is left untouched and named', async () => {
  const path = join(temporary.path, 'seat.db');
  const first = await openDatabase<SeatDatabase>(path, seatMigrations);
  first.connection.exec(
    `insert into "kysely_migration" values ('seat-9999-of-tomorrow', '2031-01-01')`,
  );
  await first.close();
  const before = await readFile(path);
  const error = await catchStintError(() => openDatabase(path, seatMigrations));
  expect(error.code).toBe('database_newer');
  expect(error.message).toContain('seat-9999-of-tomorrow');
  expect(error.message).toContain('seat-0007-quick-search');
  expect(await readFile(path)).toEqual(before);
});

test('an upload that was ended before it was noted whether it had arrived stays ended', async () => {
  const path = join(temporary.path, 'seat.db');
  const {
    'seat-0005-ended-uploads': _,
    'seat-0006-counted-outbox': _later,
    'seat-0007-quick-search': _last,
    ...earlier
  } = seatMigrations;
  const first = await openDatabase<SeatDatabase>(path, earlier);
  first.connection.exec(
    `insert into "endedUploads" values ('${'a'.repeat(64)}', null, '2026-11-28T18:00:00.000Z')`,
  );
  await first.close();
  const { db, close } = await openDatabase<SeatDatabase>(path, seatMigrations);
  expect(await db.selectFrom('endedUploads').selectAll().execute()).toEqual([
    {
      sha256: 'a'.repeat(64),
      uploadUrl: null,
      endedAt: '2026-11-28T18:00:00.000Z',
      wasThere: 0,
    },
  ]);
  await close();
});

test('what is not a database is left untouched and named', async () => {
  const path = join(temporary.path, 'seat.db');
  await writeFile(path, 'This is a letter to my grandmother, not a database. '.repeat(100));
  const before = await readFile(path);
  const error = await catchStintError(() => openDatabase(path, seatMigrations));
  expect(error.code).toBe('database_damaged');
  expect(error.message).toContain(path);
  expect(await readFile(path)).toEqual(before);
});
