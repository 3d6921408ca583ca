import path from 'node:path';
import type { Benchmark, Reading } from '../harness/benchmark.ts';
import { createBenchFolder } from '../sync/bench-folder.ts';
import { createBenchStorage, type StorageKind } from '../sync/bench-storage.ts';
import { measurePush, preparePush } from '../sync/measure-push.ts';
import { measureRawPushOnPostgres, measureRawPushOnSqlite } from '../sync/raw-limits.ts';
import { generateOrganization } from '../sync/server-fixture.ts';

const changeCount = 10_000;
const organizationRows = 10_000;

/** An intern's 10,000 changes made offline, until each is answered, has come back, and is settled. */
function createSyncPush<Id extends string>(id: Id, kind: StorageKind): Benchmark<Id> {
  return {
    measures: {
      [id]: {
        unit: 'ms',
        what: `10,000 changes made offline, pushed to a server on ${kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'} and settled`,
        limit: 'as many bytes over loopback and as many rows inserted raw in as many transactions',
      },
    } as Benchmark<Id>['measures'],
    rounds: 5,
    prepare: async () => {
      const folder = await createBenchFolder();
      const storage = await createBenchStorage(kind, path.join(folder.path, 'storage'));
      const organization = generateOrganization({ internCount: 10, totalRows: organizationRows });
      await storage.write(organization);
      const template = await preparePush(storage, organization, folder.path, changeCount);
      return {
        runRound: async () => {
          const limit = await measureLimit(storage);
          const { elapsedMs } = await measurePush(storage, template);
          return { [id]: { value: elapsedMs, limit } } as unknown as Record<Id, Reading>;
        },
        dispose: async () => {
          await storage.dispose();
          await folder.remove();
        },
      };
    },
  };
}

async function measureLimit(
  storage: Awaited<ReturnType<typeof createBenchStorage>>,
): Promise<number> {
  const copy = await storage.copy();
  try {
    return copy.databaseUrl === undefined
      ? await measureRawPushOnSqlite(changeCount)
      : await measureRawPushOnPostgres(copy.databaseUrl, changeCount);
  } finally {
    await copy.remove();
  }
}

export const syncPushSqlite = createSyncPush('sync.push.10k.sqlite.ms', 'sqlite');
export const syncPushPostgres = createSyncPush('sync.push.10k.postgres.ms', 'postgres');
