import path from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import {
  assertPragmas,
  openSqliteConnection,
  requiredPragmas,
} from '../../../src/server/database/sqlite-connection.ts';
import { openSqliteServerDatabase } from '../../../src/server/database/sqlite-server-database.ts';
import {
  computeExpectedColumns,
  computeFoundColumns,
} from '../../support/server/expected-columns.ts';
import { runInSavepoint } from '../../support/server/run-in-savepoint.ts';
import { createTestFolder } from '../../support/server/test-server.ts';

async function openTestDatabase() {
  return await openSqliteServerDatabase(path.join(await createTestFolder(), 'server.db'));
}

test('SY-2 the connection of the server’s database is durable, also after its first write', async () => {
  const database = await openTestDatabase();
  await database.db
    .insertInto('organizationHeads')
    .values({ orgId: 'o', seq: 0, hash: '' })
    .execute();
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(requiredPragmas)) {
    const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(
      database.db,
    );
    found[name] = Object.values(rows[0] ?? {})[0];
  }
  expect(found).toEqual(requiredPragmas);
  expect(requiredPragmas).toMatchObject({ journal_mode: 'wal', synchronous: 2, foreign_keys: 1 });
  await database.close();
});

test('SY-2 a connection whose pragmas were changed is found out', async () => {
  const connection = openSqliteConnection(path.join(await createTestFolder(), 'any.db'));
  assertPragmas(connection);
  connection.pragma('synchronous = NORMAL');
  expect(() => assertPragmas(connection)).toThrow(/synchronous is 1 where 2 is needed/);
  connection.close();
});

test('SY-5 a write transaction takes its lock at its beginning, before anything is read', async () => {
  const filePath = path.join(await createTestFolder(), 'server.db');
  const database = await openSqliteServerDatabase(filePath);
  const other = openSqliteConnection(filePath);
  other.pragma('busy_timeout = 0');
  await database.write(async () => {
    expect(() => other.exec('begin immediate')).toThrow(/locked/);
  });
  other.exec('begin immediate');
  other.exec('rollback');
  other.close();
  await database.close();
});

test('SY-6 what failed in a savepoint leaves nothing, and what was before and after stays', async () => {
  const database = await openTestDatabase();
  await database.write(async (trx) => {
    const insert = (orgId: string) =>
      trx.insertInto('organizationHeads').values({ orgId, seq: 0, hash: '' }).execute();
    await runInSavepoint(database, trx, () => insert('before'));
    await expect(
      runInSavepoint(database, trx, async () => {
        await insert('failed');
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    await runInSavepoint(database, trx, () => insert('after'));
  });
  const rows = await database.db.selectFrom('organizationHeads').select('orgId').execute();
  expect(rows.map(({ orgId }) => orgId).sort()).toEqual(['after', 'before']);
  await database.close();
});

test('a full disk is told as that, leaves nothing, and is over when there is room again', async () => {
  const database = await openTestDatabase();
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(database.db);
  const setMaximumPages = (count: number) =>
    sql.raw(`pragma max_page_count = ${count}`).execute(database.db);
  const write = () =>
    database.write((trx) =>
      runInSavepoint(database, trx, () =>
        trx
          .insertInto('organizationHeads')
          .values({ orgId: 'o'.repeat(100_000), seq: 0, hash: '' })
          .execute(),
      ),
    );
  await setMaximumPages(rows[0]?.page_count ?? 0);
  await expect(write()).rejects.toMatchObject({ code: 'SQLITE_FULL' });
  expect(await database.db.selectFrom('organizationHeads').selectAll().execute()).toEqual([]);
  await setMaximumPages(1_000_000);
  await write();
  expect(await database.db.selectFrom('organizationHeads').selectAll().execute()).toHaveLength(1);
  await database.close();
});

test('the migrated tables have the columns that the types name', async () => {
  const database = await openTestDatabase();
  expect(computeFoundColumns(await database.db.introspection.getTables())).toEqual(
    computeExpectedColumns(),
  );
  await database.close();
});

test('a migration that fails in its middle leaves the database as it was', async () => {
  const filePath = path.join(await createTestFolder(), 'server.db');
  const connection = openSqliteConnection(filePath);
  // The last of the tables that the first migration makes.
  connection.exec('create table uploads (id text)');
  connection.close();
  await expect(openSqliteServerDatabase(filePath)).rejects.toThrow(/uploads/);
  const after = openSqliteConnection(filePath);
  const names = after
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'kysely_%'`)
    .all();
  expect(names).toEqual([{ name: 'uploads' }]);
  after.close();
});
