import path from 'node:path';
import type { Benchmark, Reading } from '../harness/benchmark.ts';
import { createBenchFolder } from '../sync/bench-folder.ts';
import { createBenchStorage, type StorageKind } from '../sync/bench-storage.ts';
import { computePercentile, startNoticeSession } from '../sync/measure-notice.ts';
import { measureRawNotice } from '../sync/raw-notice.ts';
import { generateOrganization } from '../sync/server-fixture.ts';

const changesPerRound = 100;
const organizationRows = 10_000;

/**
 * One person records time, and another who is online can read it. On SQLite both are on one server process, on
 * PostgreSQL each is on another.
 */
function createSyncNotice<Median extends string, High extends string>(
  kind: StorageKind,
  medianId: Median,
  highId: High,
): Benchmark<Median | High> {
  const where =
    kind === 'sqlite'
      ? 'one process on SQLite'
      : 'two processes on PostgreSQL, one for each of them';
  const limit = 'raw durable inserts on both sides and the server, one request, one event';
  return {
    measures: {
      [medianId]: {
        unit: 'ms',
        what: `a change by one person seen by another, ${where}: the median of ${changesPerRound}`,
        limit,
      },
      [highId]: {
        unit: 'ms',
        what: `the same, what 99 of 100 do not exceed`,
        limit,
      },
    } as Benchmark<Median | High>['measures'],
    rounds: 5,
    prepare: async () => {
      const folder = await createBenchFolder();
      const storage = await createBenchStorage(kind, path.join(folder.path, 'storage'));
      const organization = generateOrganization({ internCount: 10, totalRows: organizationRows });
      await storage.write(organization);
      const session = await startNoticeSession(
        storage,
        organization,
        folder.path,
        kind === 'sqlite' ? 1 : 2,
      );
      const raw = await storage.copy();
      return {
        runRound: async () => {
          const limits = await measureRawNotice(changesPerRound, raw.databaseUrl);
          const times = await session.run(changesPerRound);
          const read = (share: number) => ({
            value: computePercentile(times, share),
            limit: computePercentile(limits, share),
          });
          return { [medianId]: read(0.5), [highId]: read(0.99) } as unknown as Record<
            Median | High,
            Reading
          >;
        },
        dispose: async () => {
          await session.stop();
          await raw.remove();
          await storage.dispose();
          await folder.remove();
        },
      };
    },
  };
}

export const syncNoticeSqlite = createSyncNotice(
  'sqlite',
  'sync.notice.sqlite.p50_ms',
  'sync.notice.sqlite.p99_ms',
);
export const syncNoticePostgres = createSyncNotice(
  'postgres',
  'sync.notice.postgres.p50_ms',
  'sync.notice.postgres.p99_ms',
);
