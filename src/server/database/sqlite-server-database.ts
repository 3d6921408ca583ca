import { Kysely, sql } from 'kysely';
import { ImmediateSqliteDialect } from '../../shared/database/immediate-sqlite-dialect.ts';
import { migrateServerDatabase } from './migrate-server-database.ts';
import type { ServerDatabase } from './server-database.ts';
import type { ServerTables } from './server-tables.ts';
import { openSqliteConnection } from './sqlite-connection.ts';

/**
 * Opens, and where needed migrates, the server's database in one SQLite file.
 * @throws StintError `database_newer`, `database_damaged`, `workspace_unwritable`; the file is then as it was.
 */
export async function openSqliteServerDatabase(filePath: string): Promise<ServerDatabase> {
  const connection = openSqliteConnection(filePath);
  const db = new Kysely<ServerTables>({
    dialect: new ImmediateSqliteDialect({ database: connection }),
  });
  try {
    await migrateServerDatabase(db, `the database ${filePath}`);
  } catch (error) {
    await db.destroy();
    throw error;
  }
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
    async inSavepoint(trx, action) {
      await sql`savepoint mutation`.execute(trx);
      try {
        const result = await action();
        await sql`release savepoint mutation`.execute(trx);
        return result;
      } catch (error) {
        // A full disk has ended the whole transaction, and the savepoint with it.
        if (!connection.inTransaction) throw error;
        await sql`rollback to savepoint mutation`.execute(trx);
        await sql`release savepoint mutation`.execute(trx);
        throw error;
      }
    },
    close: () => db.destroy(),
  };
}
