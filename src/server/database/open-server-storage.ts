import { closeAll } from '../../shared/close-all.ts';
import type { Timers } from '../../shared/ports.ts';
import type { DataFolder } from '../data-folder.ts';
import { createLocalProcessLink } from '../processes/local-process-link.ts';
import type { ProcessLink } from '../processes/process-link.ts';
import { runExclusively } from '../processes/run-exclusively.ts';
import { describeUnavailable } from './database-unavailable-error.ts';
import { acquireFolderLock } from './folder-lock.ts';
import { assertServerDatabaseCurrent, migrateServerDatabase } from './migrate-server-database.ts';
import type { ServerDatabase } from './server-database.ts';
import { openSqliteServerDatabase } from './sqlite-server-database.ts';

/** The database, and what ties together the processes that use it. */
export interface ServerStorage {
  readonly database: ServerDatabase;
  readonly link: ProcessLink;
  close(): Promise<void>;
}

/**
 * One process has the data folder and the SQLite file in it to itself; on PostgreSQL, several may share
 * database and folder.
 *
 * `beside` opens the SQLite file without the folder, for a command that a server which runs may go on beside. Its link
 * is its own, and locks nobody out. With `keepsVersion` the database is not migrated, and has to be of this version.
 * @throws StintError `workspace_in_use`, `database_newer`, `database_damaged`, `workspace_unwritable`;
 * `invalid_input` or `unavailable` for a database address that is none, or where nobody answers.
 */
export async function openServerStorage(
  folder: DataFolder,
  databaseUrl: string | undefined,
  timers: Timers,
  options: { readonly beside?: boolean; readonly keepsVersion?: boolean } = {},
): Promise<ServerStorage> {
  const prepare =
    options.keepsVersion === true ? assertServerDatabaseCurrent : migrateServerDatabase;
  return databaseUrl === undefined
    ? await openSqliteStorage(folder, options.beside === true, prepare)
    : await openPostgresStorage(databaseUrl, timers, prepare);
}

type Prepare = typeof migrateServerDatabase;

async function openSqliteStorage(
  folder: DataFolder,
  beside: boolean,
  prepare: Prepare,
): Promise<ServerStorage> {
  const lock = beside ? { release: () => undefined } : acquireFolderLock(folder.root);
  try {
    const database = await openSqliteServerDatabase(folder.databasePath, prepare);
    return {
      database,
      link: createLocalProcessLink(),
      async close() {
        await database.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openPostgresStorage(
  databaseUrl: string,
  timers: Timers,
  prepare: Prepare,
): Promise<ServerStorage> {
  // Loaded only where it is used: most servers, and every workspace with the sample, run on SQLite.
  const { openPostgresProcessLink } = await import('./postgres-process-link.ts');
  const { migratePostgresDatabase, openPostgresServerDatabase } =
    await import('./postgres-server-database.ts');
  const closers: (() => Promise<void>)[] = [];
  const close = (): Promise<void> => closeAll(closers.splice(0));
  try {
    const link = await openPostgresProcessLink(databaseUrl, timers);
    closers.push(() => link.close());
    const database = openPostgresServerDatabase(databaseUrl);
    closers.push(() => database.close());
    // Two processes that start at once: the second waits, and finds the work done.
    await runExclusively(link, timers, 'migration', async () => {
      // A large table takes longer to change than any request may.
      const patient = openPostgresServerDatabase(databaseUrl, null);
      try {
        await migratePostgresDatabase(patient, prepare);
      } finally {
        await patient.close();
      }
    });
    return { database, link, close };
  } catch (error) {
    await close().catch(() => {});
    throw describeUnavailable(error);
  }
}
