import { rmSync } from 'node:fs';
import { constants, copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSqliteServerDatabase } from '../../../src/server/database/sqlite-server-database.ts';

let migrated: Promise<string> | undefined;

/** Puts an empty, migrated database into a server's folder that has none, as `stint_template` is on PostgreSQL. */
export async function placeMigratedDatabase(dataFolder: string): Promise<void> {
  migrated ??= migrate();
  const source = await migrated;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await copyFile(source, path.join(dataFolder, 'server.db'), constants.COPYFILE_EXCL).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
}

/** Once in a process, which removes it when it ends. */
async function migrate(): Promise<string> {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'stint-migrated-')), 'server.db');
  const { close } = await openSqliteServerDatabase(file);
  await close();
  process.once('exit', () => rmSync(path.dirname(file), { recursive: true, force: true }));
  return file;
}
