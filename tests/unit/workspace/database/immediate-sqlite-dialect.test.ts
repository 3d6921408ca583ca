import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { ImmediateSqliteDialect } from '../../../../src/shared/database/immediate-sqlite-dialect.ts';
import { makeTemporaryFolder } from '../../../support/sync/test-installation.ts';

interface Tables {
  things: { id: number; name?: string };
}

async function withDatabase(
  action: (db: Kysely<Tables>, prepared: string[]) => Promise<void>,
): Promise<void> {
  const temporary = await makeTemporaryFolder();
  const connection = new Database(join(temporary.path, 'any.db'));
  const prepared: string[] = [];
  const database = {
    prepare: (text: string) => {
      prepared.push(text);
      return connection.prepare(text);
    },
    close: () => connection.close(),
  };
  const db = new Kysely<Tables>({ dialect: new ImmediateSqliteDialect({ database }) });
  await sql`create table things (id integer primary key)`.execute(db);
  await action(db, prepared);
  await db.destroy();
  await temporary.remove();
}

test('a statement that comes again is not prepared again', () =>
  withDatabase(async (db, prepared) => {
    for (const id of [1, 2, 3]) await db.insertInto('things').values({ id }).execute();
    expect(prepared.filter((text) => text.startsWith('insert'))).toHaveLength(1);
    expect(await db.selectFrom('things').selectAll().execute()).toHaveLength(3);
  }));

test('a statement kept from before a change of the schema sees what changed', () =>
  withDatabase(async (db) => {
    await db.insertInto('things').values({ id: 1 }).execute();
    const list = () => db.selectFrom('things').selectAll().execute();
    expect(await list()).toEqual([{ id: 1 }]);
    await sql`alter table things add column name text default 'one'`.execute(db);
    expect(await list()).toEqual([{ id: 1, name: 'one' }]);
  }));
