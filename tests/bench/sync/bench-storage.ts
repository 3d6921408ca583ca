import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  migratePostgresDatabase,
  openPostgresServerDatabase,
} from '../../../src/server/database/postgres-server-database.ts';
import { openSqliteServerDatabase } from '../../../src/server/database/sqlite-server-database.ts';
import { runOnPostgres } from '../../support/postgres/run-on-postgres.ts';
import { startPostgres } from '../../support/postgres/start-postgres.ts';
import { type ServerChild, startServerChild } from './server-child.ts';
import { type BenchmarkOrganization, writeOrganization } from './server-fixture.ts';

export type StorageKind = 'sqlite' | 'postgres';

/** A server's data as it stands before each round: every round gets a copy. */
export interface BenchStorage {
  /** Fills the template. Once. */
  write(organization: BenchmarkOrganization): Promise<void>;
  /** Runs servers on the template itself, so that what they change is part of it. */
  startOnTemplate(): Promise<ServerChild>;
  /** A fresh copy of the template, and how to start servers on it. */
  copy(): Promise<StorageCopy>;
  dispose(): Promise<void>;
}

export interface StorageCopy {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  /** One more process on this copy. */
  startServer(port?: number): Promise<ServerChild>;
  remove(): Promise<void>;
}

export async function createBenchStorage(kind: StorageKind, folder: string): Promise<BenchStorage> {
  await mkdir(folder, { recursive: true });
  return kind === 'sqlite' ? createSqlite(folder) : await createPostgres(folder);
}

function createSqlite(folder: string): BenchStorage {
  const template = path.join(folder, 'server');
  let count = 0;
  return {
    async write(organization) {
      await mkdir(template, { recursive: true });
      const database = await openSqliteServerDatabase(path.join(template, 'server.db'));
      await writeOrganization(database, organization);
      await database.close();
    },
    startOnTemplate: () => startServerChild(template),
    async copy() {
      count += 1;
      const dataFolder = path.join(folder, `server-${count}`);
      await cp(template, dataFolder, { recursive: true });
      return createCopy(dataFolder, undefined, async () => undefined);
    },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

async function createPostgres(folder: string): Promise<BenchStorage> {
  // As it would be set up to keep data: every commit reaches the disk.
  const postgres = await startPostgres({ isDurable: true });
  const template = path.join(folder, 'server');
  const adminUrl = `${postgres.baseUrl}/postgres`;
  await runOnPostgres(adminUrl, 'create database bench_template');
  const templateUrl = `${postgres.baseUrl}/bench_template`;
  let count = 0;
  return {
    async write(organization) {
      await mkdir(template, { recursive: true });
      const database = openPostgresServerDatabase(templateUrl);
      await migratePostgresDatabase(database);
      await writeOrganization(database, organization);
      await database.close();
      await runOnPostgres(templateUrl, 'analyze');
    },
    startOnTemplate: () => startServerChild(template, { databaseUrl: templateUrl }),
    async copy() {
      count += 1;
      const name = `bench_${count}`;
      await runOnPostgres(adminUrl, `create database ${name} template bench_template`);
      const dataFolder = path.join(folder, `server-${count}`);
      await cp(template, dataFolder, { recursive: true });
      return createCopy(dataFolder, `${postgres.baseUrl}/${name}`, async () => {
        await runOnPostgres(adminUrl, `drop database ${name} with (force)`);
      });
    },
    async dispose() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function createCopy(
  dataFolder: string,
  databaseUrl: string | undefined,
  drop: () => Promise<void>,
): StorageCopy {
  return {
    dataFolder,
    databaseUrl,
    startServer: (port = 0) => startServerChild(dataFolder, { databaseUrl, port }),
    async remove() {
      await drop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
