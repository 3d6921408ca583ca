import type { Database } from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Migration } from 'kysely/migration';
import { syncFolder } from '../backup/durable-folder.ts';

export type MigrationList = Readonly<Record<string, Migration>>;

/**
 * What an empty database is once all migrations of a list have run on it. They take ten times as long as to write this,
 * and say the same of every database: none may put anything into one that is that one's alone.
 */
const images = new WeakMap<MigrationList, Buffer>();

/** Whether nothing lies at this path, nor a log that would be played back into what comes to lie there. */
export const isUnused = (path: string): boolean =>
  ['', '-wal', '-journal'].every((ending) => !existsSync(path + ending));

/**
 * Places a database on which these migrations have run, where this process has made one before. It is whole or not
 * there at all. Where it cannot be written, SQLite will not be able to either, and says why.
 * @param path where nothing lies (`isUnused`)
 */
export async function placeImage(path: string, migrations: MigrationList): Promise<void> {
  const image = images.get(migrations);
  if (image === undefined) return;
  const begun = `${path}.new`;
  try {
    await writeFile(begun, image, { flush: true });
    await rename(begun, path);
    await syncFolder(dirname(path));
  } catch {
    await rm(begun, { force: true });
  }
}

/** @param connection to a database that was just made by these migrations, and holds nothing else */
export function keepImage(connection: Database, migrations: MigrationList): void {
  if (!images.has(migrations)) images.set(migrations, connection.serialize());
}
