import path from 'node:path';
import type Database from 'better-sqlite3';
import { StintError } from '../../shared/errors.ts';
import { lockFile } from './lock-file.ts';

const waitMs = 30_000;

/**
 * Keeps every content where it is until it is released: a backup, or a check, reads one state of the database, and
 * then the contents that it names. Several may hold it at once. The lock is the operating system's and is gone with the
 * process.
 * @throws StintError `unavailable` where contents are being collected for longer than it waits, `workspace_unwritable`.
 */
export function keepContents(dataFolder: string): () => void {
  return lock(dataFolder, waitMs, (connection) => {
    // A read transaction of a journalled file holds SQLite's shared lock until its end.
    connection.exec('begin');
    connection.prepare('select count(*) from sqlite_master').get();
  });
}

/**
 * Lets contents be removed for as long as it is held; undefined while somebody keeps them. Never held for longer than
 * one removal.
 */
export function tryToReleaseContents(dataFolder: string): (() => void) | undefined {
  try {
    return lock(dataFolder, 0, (connection) => connection.exec('begin exclusive'));
  } catch (error) {
    if (error instanceof StintError && error.code === 'unavailable') return undefined;
    throw error;
  }
}

function lock(
  dataFolder: string,
  waitMs: number,
  take: (connection: Database.Database) => void,
): () => void {
  return lockFile(path.join(dataFolder, 'contents.lock'), {
    waitMs,
    busyCode: 'unavailable',
    busyMessage: `the contents in ${dataFolder} are in use by a backup or a collection; try again later`,
    take,
  });
}
