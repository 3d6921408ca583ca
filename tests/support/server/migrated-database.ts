import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSqliteServerDatabase } from '../../../src/server/database/sqlite-server-database.ts';

let migrated: Promise<Buffer> | undefined;

/** Puts an empty, migrated database into a server's folder that has none, as `stint_template` is on PostgreSQL. */
export async function placeMigratedDatabase(dataFolder: string): Promise<void> {
  migrated ??= migrate();
  const content = await migrated;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(dataFolder, 'server.db'), content, { flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
}

async function migrate(): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-migrated-'));
  const file = path.join(folder, 'server.db');
  const { close } = await openSqliteServerDatabase(file);
  await close();
  const content = await readFile(file);
  await rm(folder, { recursive: true });
  return content;
}
