import path from 'node:path';
import Database from 'better-sqlite3';

/** Runs `action` on a second connection to a server's database. */
export function inspectDatabase<Result>(
  dataFolder: string,
  action: (connection: Database.Database) => Result,
): Result {
  const connection = new Database(path.join(dataFolder, 'server.db'));
  try {
    return action(connection);
  } finally {
    connection.close();
  }
}

/** All of what a query answers, with its columns as members. */
export function listRecords(
  dataFolder: string,
  query: string,
  ...parameters: unknown[]
): Record<string, unknown>[] {
  return inspectDatabase(
    dataFolder,
    (connection) => connection.prepare(query).all(...parameters) as Record<string, unknown>[],
  );
}
