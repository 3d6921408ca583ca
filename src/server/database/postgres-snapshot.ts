import { Client, types } from 'pg';
import { StintError } from '../../shared/errors.ts';
import {
  computePageRows,
  computeReadText,
  type DatabaseSnapshot,
  type StoredRow,
} from './database-snapshot.ts';
import { computeConnectError, computeDatabaseError } from './postgres-errors.ts';
import { computePostgresOptions } from './postgres-options.ts';

const int8Oid = 20;

/** @throws StintError `invalid_input` for an address that is none, `unavailable` where nobody answers. */
export async function openPostgresSnapshot(databaseUrl: string): Promise<DatabaseSnapshot> {
  const client = new Client({
    ...computePostgresOptions(databaseUrl),
    application_name: 'stint-backup',
    // Between two pages the lines go to a disk, which may be a slow one.
    idle_in_transaction_session_timeout: 0,
    types: {
      getTypeParser: ((oid: number, format?: 'text') =>
        oid === int8Oid ? BigInt : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { code } = computeConnectError(error);
    throw new StintError(
      'unavailable',
      `the PostgreSQL database cannot be reached (${code}); check its address, and that it runs`,
      { cause: error },
    );
  }
  const query = async (text: string): Promise<StoredRow[]> => {
    try {
      return (await client.query<StoredRow>(text)).rows;
    } catch (error) {
      throw computeDatabaseError(error);
    }
  };
  try {
    await query('begin isolation level repeatable read read only');
    const tables = (
      await query(
        `select table_name as name from information_schema.tables
         where table_schema = current_schema() and table_type = 'BASE TABLE' order by table_name`,
      )
    ).map(({ name }) => String(name));
    const migrations = tables.includes('kysely_migration')
      ? (await query('select name from kysely_migration order by name')).map(({ name }) =>
          String(name),
        )
      : [];
    return {
      migrations,
      tables: tables.filter((name) => !name.startsWith('kysely_')),
      async *readPages(table, order = []) {
        await query(`declare "pages" no scroll cursor for ${computeReadText(table, order)}`);
        let count = 100;
        for (;;) {
          const page = await query(`fetch ${count} from "pages"`);
          if (page.length === 0) break;
          yield page;
          // Twice as many at most: the rows that come may be longer than those that came.
          count = Math.min(count * 2, computePageRows(page));
        }
        await query('close "pages"');
      },
      close: () => client.end(),
    };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}
