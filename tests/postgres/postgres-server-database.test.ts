import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import {
  migratePostgresDatabase,
  openPostgresServerDatabase,
} from '../../src/server/database/postgres-server-database.ts';
import type { ServerDatabase } from '../../src/server/database/server-database.ts';
import { catchError } from '../support/catch-error.ts';
import { runInSavepoint } from '../support/server/run-in-savepoint.ts';
import { createPostgresDatabase } from '../support/postgres/create-postgres-database.ts';
import { runOnPostgres } from '../support/postgres/run-on-postgres.ts';
import { computeExpectedColumns, computeFoundColumns } from '../support/server/expected-columns.ts';

async function openTestDatabase(options: { readonly isEmpty?: boolean } = {}) {
  const databaseUrl = await createPostgresDatabase(options);
  const database = openPostgresServerDatabase(databaseUrl);
  onTestFinished(() => database.close());
  return { database, databaseUrl };
}

const insertHead = (database: ServerDatabase, orgId: string, seq = 0) =>
  database.db.insertInto('organizationHeads').values({ orgId, seq, hash: '' }).execute();

const listHeads = async (database: ServerDatabase) =>
  (await database.db.selectFrom('organizationHeads').select('orgId').execute())
    .map(({ orgId }) => orgId)
    .sort();

/** A promise, and what settles it. */
function createGate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test('the migrated tables have the columns that the types name', async () => {
  const { database } = await openTestDatabase({ isEmpty: true });
  await migratePostgresDatabase(database);
  expect(computeFoundColumns(await database.db.introspection.getTables())).toEqual(
    computeExpectedColumns(),
  );
});

test('a migration that fails in its middle leaves the database as it was', async () => {
  const { database, databaseUrl } = await openTestDatabase({ isEmpty: true });
  // The last of the tables that the first migration makes.
  await runOnPostgres(databaseUrl, 'create table uploads (id text)');
  await expect(migratePostgresDatabase(database)).rejects.toThrow(/uploads/);
  const tables = await database.db.introspection.getTables();
  expect(tables.map(({ name }) => name)).toEqual(['uploads']);
});

test('a database of a newer version is refused and stays as it was', async () => {
  const { database, databaseUrl } = await openTestDatabase();
  await runOnPostgres(
    databaseUrl,
    `insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '2030')`,
  );
  await expect(migratePostgresDatabase(database)).rejects.toMatchObject({
    code: 'database_newer',
    message: expect.stringContaining('9999-from-the-future'),
  });
});

test('SY-4 the counter row, once locked, is nobody else’s until the transaction ends', async () => {
  const { database } = await openTestDatabase();
  await insertHead(database, 'org');
  const [locked, first] = [createGate(), createGate()];
  const order: string[] = [];
  const one = database.write(async (trx) => {
    await database.lockHead(trx, 'org');
    locked.open();
    await first.opened;
    await trx.updateTable('organizationHeads').set({ seq: 1 }).execute();
    order.push('one');
  });
  await locked.opened;
  const two = database.write(async (trx) => {
    const head = await database.lockHead(trx, 'org');
    order.push('two');
    return head?.seq;
  });
  await expect
    .poll(async () => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(database.db);
      return rows[0]?.n;
    })
    .toBe(1);
  first.open();
  await one;
  expect(await two).toBe(1);
  expect(order).toEqual(['one', 'two']);
});

test('SY-4 a read sees one state, whatever is committed meanwhile, and cannot write', async () => {
  const { database } = await openTestDatabase();
  await insertHead(database, 'before');
  await database.read(async (trx) => {
    const count = async () =>
      (await trx.selectFrom('organizationHeads').selectAll().execute()).length;
    expect(await count()).toBe(1);
    await insertHead(database, 'meanwhile');
    expect(await count()).toBe(1);
  });
  expect(await listHeads(database)).toEqual(['before', 'meanwhile']);
  await expect(
    database.read((trx) => trx.deleteFrom('organizationHeads').execute()),
  ).rejects.toMatchObject({ code: '25006' });
});

test('SY-6 what failed in a savepoint leaves nothing, and what was before and after stays', async () => {
  const { database } = await openTestDatabase();
  await database.write(async (trx) => {
    const insert = (orgId: string) =>
      trx.insertInto('organizationHeads').values({ orgId, seq: 0, hash: '' }).execute();
    await runInSavepoint(database, trx, () => insert('before'));
    await expect(
      runInSavepoint(database, trx, async () => {
        await insert('failed');
        // A statement that fails ends a transaction of PostgreSQL, but for the savepoint.
        await insert('before');
      }),
    ).rejects.toMatchObject({ code: '23505' });
    await runInSavepoint(database, trx, () => insert('after'));
  });
  expect(await listHeads(database)).toEqual(['after', 'before']);
});

test('two transactions that lock each other out both end well', async () => {
  const { database } = await openTestDatabase();
  await insertHead(database, 'left');
  await insertHead(database, 'right');
  const gates = { left: createGate(), right: createGate() };
  let runs = 0;
  const lockBoth = (own: 'left' | 'right', other: 'left' | 'right') =>
    database.write(async (trx) => {
      runs += 1;
      await database.lockHead(trx, own);
      gates[own].open();
      await gates[other].opened;
      await database.lockHead(trx, other);
      await trx
        .updateTable('organizationHeads')
        .set((row) => ({ seq: row('seq', '+', 1) }))
        .execute();
    });
  await Promise.all([lockBoth('left', 'right'), lockBoth('right', 'left')]);
  const rows = await database.db.selectFrom('organizationHeads').select('seq').execute();
  expect(rows).toEqual([{ seq: 2 }, { seq: 2 }]);
  expect(runs).toBe(3);
});

test('large numbers come as numbers, and those that would lose digits are refused', async () => {
  const { database } = await openTestDatabase();
  const read = (expression: string) =>
    sql<{ value: number }>`select ${sql.raw(expression)}::bigint as value`.execute(database.db);
  expect((await read('9007199254740991')).rows).toEqual([{ value: Number.MAX_SAFE_INTEGER }]);
  await expect(read('9007199254740993')).rejects.toThrow(RangeError);
});

test('an address that is none is refused without being repeated', () => {
  for (const address of ['mysql://ida:secret@db/stint', 'secret', ''])
    expect(() => openPostgresServerDatabase(address)).toThrow(/^(?!.*secret).*postgres:\/\/USER/);
});

test('SY-23 a connection whose statements are older than the tables is given up, and the next one is right', async () => {
  const { database, databaseUrl } = await openTestDatabase();
  await insertHead(database, 'org');
  const read = () => database.db.selectFrom('organizationHeads').selectAll().execute();
  const write = () =>
    database.write((trx) => trx.selectFrom('organizationHeads').selectAll().execute());
  for (const ask of [read, write]) expect(await ask()).toHaveLength(1);
  // As the process of a newer version does, which begins on the same database.
  await runOnPostgres(databaseUrl, 'alter table "organizationHeads" add column "later" text');
  for (const ask of [read, write]) {
    expect(await catchError(ask)).toMatchObject({ name: 'DatabaseUnavailableError' });
    expect(await ask()).toHaveLength(1);
  }
});
