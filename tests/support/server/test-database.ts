import path from 'node:path';
import Database from 'better-sqlite3';
import { runOnPostgres } from '../postgres/run-on-postgres.ts';

/** Where a server keeps its data. */
interface TestStorage {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
}

/** Runs `action` on a second connection to a server's SQLite file. */
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

/** All of what a query answers, with its columns as members. Parameters are `?` in the text. */
export async function listRecords(
  storage: TestStorage,
  query: string,
  ...parameters: unknown[]
): Promise<Record<string, unknown>[]> {
  if (storage.databaseUrl === undefined)
    return inspectDatabase(
      storage.dataFolder,
      (connection) => connection.prepare(query).all(...parameters) as Record<string, unknown>[],
    );
  let count = 0;
  const text = query.replaceAll('?', () => `$${(count += 1)}`);
  return await runOnPostgres(storage.databaseUrl, text, parameters);
}

/** Runs a statement on a server's database. */
export async function runStatement(storage: TestStorage, statement: string): Promise<void> {
  if (storage.databaseUrl === undefined)
    inspectDatabase(storage.dataFolder, (connection) => connection.exec(statement));
  else await runOnPostgres(storage.databaseUrl, statement);
}

/** Makes every insert into a table fail. Answers how to end that. */
export async function breakInserts(
  storage: TestStorage,
  table: string,
): Promise<() => Promise<void>> {
  const [broken, repaired] =
    storage.databaseUrl === undefined
      ? [
          `create trigger broken before insert on "${table}" begin select raise(abort, 'broken'); end`,
          'drop trigger broken',
        ]
      : [
          `alter table "${table}" add constraint broken check (false) not valid`,
          `alter table "${table}" drop constraint broken`,
        ];
  await runStatement(storage, broken);
  return () => runStatement(storage, repaired);
}
