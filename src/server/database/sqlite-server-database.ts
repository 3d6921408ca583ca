import type { Database, Statement } from 'better-sqlite3';
import { Kysely, sql, SqliteAdapter, SqliteQueryCompiler } from 'kysely';
import { ImmediateSqliteDialect } from '../../shared/database/immediate-sqlite-dialect.ts';
import type { DomainTable } from '../../shared/database/domain-tables.ts';
import { forwardTransaction } from './forwarding-dialect.ts';
import { migrateServerDatabase } from './migrate-server-database.ts';
import { computeRowStatement, type RowWrite } from './row-writes.ts';
import type { ServerDatabase } from './server-database.ts';
import type { ServerTables } from './server-tables.ts';
import { openSqliteConnection } from './sqlite-connection.ts';

/**
 * Opens, and where needed migrates, the server's database in one SQLite file.
 * @param prepare what is done instead of migrating it.
 * @throws StintError `database_newer`, `database_damaged`, `workspace_unwritable`; the file is then as it was.
 */
export async function openSqliteServerDatabase(
  filePath: string,
  prepare = migrateServerDatabase,
): Promise<ServerDatabase> {
  const connection = openSqliteConnection(filePath);
  const db = new Kysely<ServerTables>({
    dialect: new ImmediateSqliteDialect({ database: connection }),
  });
  try {
    await prepare(db, `the database ${filePath}`);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const writeRows = createRowWriter(connection);
  const loadRows = createRowLoader(connection);
  return {
    db,
    write: (action) => db.transaction().execute(action),
    read: (action) => db.transaction().setAccessMode('read only').execute(action),
    // A write transaction begins with SQLite's only write lock, so the row needs none of its own.
    lockHead: (trx, orgId) =>
      trx
        .selectFrom('organizationHeads')
        .select(['seq', 'hash'])
        .where('orgId', '=', orgId)
        .executeTakeFirst(),
    async setSavepoint(trx) {
      await sql`savepoint mutation`.execute(trx);
    },
    async releaseSavepoint(trx) {
      await sql`release savepoint mutation`.execute(trx);
    },
    async rollBackToSavepoint(trx, reason) {
      // A full disk has ended the whole transaction, and the savepoint with it.
      if (!connection.inTransaction) throw reason;
      await sql`rollback to savepoint mutation`.execute(trx);
      await sql`release savepoint mutation`.execute(trx);
    },
    // The transaction is this connection's: there is only one.
    loadRows: async (_trx, table, orgId, ids) => loadRows(table, orgId, ids),
    writeRows: async (_trx, writes) => writes.map(writeRows),
    forward: (trx, watch) =>
      forwardTransaction(
        trx,
        {
          createAdapter: () => new SqliteAdapter(),
          createQueryCompiler: () => new SqliteQueryCompiler(),
        },
        watch,
      ),
    close: () => db.destroy(),
  };
}

/** One prepared statement for each shape: SQLite has no faster way for many rows. */
function createRowWriter(connection: Database): (write: RowWrite) => number {
  const statements = new Map<string, ReturnType<Database['prepare']>>();
  return ({ rows, ...write }) => {
    const { insert, conflict } = computeRowStatement(write);
    const text = `${insert} values (${write.columns.map(() => '?').join(', ')}) ${conflict}`;
    let statement = statements.get(text);
    if (statement === undefined) {
      statement = connection.prepare(text);
      statements.set(text, statement);
    }
    let count = 0;
    for (const row of rows)
      count += statement.run(write.columns.map((column) => row[column] ?? null)).changes;
    return count;
  };
}

/**
 * One prepared statement for each table, whatever the number of ids: a list of parameters would be another
 * statement for each length, and what those hold outside of JavaScript's heap is given back late.
 */
function createRowLoader(
  connection: Database,
): (table: DomainTable, orgId: string, ids: readonly string[]) => Record<string, unknown>[] {
  const statements = new Map<DomainTable, Statement<[string, string], Record<string, unknown>>>();
  return (table, orgId, ids) => {
    let statement = statements.get(table);
    if (statement === undefined) {
      statement = connection.prepare<[string, string], Record<string, unknown>>(
        `select * from "${table}" where "orgId" = ? and "id" in (select "value" from json_each(?))`,
      );
      statements.set(table, statement);
    }
    return statement.all(orgId, JSON.stringify(ids));
  };
}
