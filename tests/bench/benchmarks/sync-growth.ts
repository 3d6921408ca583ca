import path from 'node:path';
import type { Benchmark, Measure, Reading } from '../harness/benchmark.ts';
import { createBenchFolder } from '../sync/bench-folder.ts';
import { createBenchStorage } from '../sync/bench-storage.ts';
import { measureFirstSync } from '../sync/measure-first.ts';
import { computePercentile, startNoticeSession } from '../sync/measure-notice.ts';
import { measurePush, preparePush } from '../sync/measure-push.ts';
import { measureRawFirst, measureRawPushOnSqlite } from '../sync/raw-limits.ts';
import { generateOrganization } from '../sync/server-fixture.ts';

const usualSizes = { '1k': 1000, '10k': 10_000, '100k': 100_000 } as const;
const largestSize = { '1m': 1_000_000 } as const;
const changesPerRound = 50;
/** What stands beside the changes that are pushed. */
const organizationRows = 1000;

/**
 * How the first three grow, on SQLite: N rows fetched by an empty workspace, N changes pushed and settled, and a
 * change noticed in an organization of N rows.
 *
 * @param isFull also with 1,000,000, which takes most of an hour.
 */
export function createGrowthBenchmarks(isFull: boolean): Benchmark[] {
  const sizes: Record<string, number> = { ...usualSizes, ...(isFull ? largestSize : {}) };
  return Object.entries(sizes).flatMap(([name, size]) => [
    createFirst(name, size),
    createPush(name, size),
    createNotice(name, size),
  ]);
}

const roundsFor = (size: number): number => (size >= largestSize['1m'] ? 1 : 3);

function createOne(
  id: string,
  measure: Measure,
  size: number,
  prepare: (
    storage: Awaited<ReturnType<typeof createBenchStorage>>,
    folder: string,
  ) => Promise<{ run(): Promise<Reading>; stop(): Promise<void> }>,
): Benchmark {
  return {
    measures: { [id]: measure },
    rounds: roundsFor(size),
    prepare: async () => {
      const folder = await createBenchFolder();
      const storage = await createBenchStorage('sqlite', path.join(folder.path, 'storage'));
      const prepared = await prepare(storage, folder.path);
      return {
        runRound: async () => ({ [id]: await prepared.run() }),
        dispose: async () => {
          await prepared.stop();
          await storage.dispose();
          await folder.remove();
        },
      };
    },
  };
}

const nothing = (): Promise<void> => Promise.resolve();

function createFirst(name: string, size: number): Benchmark {
  return createOne(
    `sync.growth.first.${name}.ms`,
    { unit: 'ms', what: `first synchronisation of ${size.toLocaleString('en')} rows` },
    size,
    async (storage, folder) => {
      const organization = generateOrganization({
        internCount: Math.min(200, size / 100),
        totalRows: size,
      });
      await storage.write(organization);
      return {
        run: async () => ({
          limit: await measureRawFirst(organization),
          value: (await measureFirstSync(storage, organization, folder)).elapsedMs,
        }),
        stop: nothing,
      };
    },
  );
}

function createPush(name: string, size: number): Benchmark {
  return createOne(
    `sync.growth.push.${name}.ms`,
    { unit: 'ms', what: `${size.toLocaleString('en')} changes made offline, pushed and settled` },
    size,
    async (storage, folder) => {
      const organization = generateOrganization({ internCount: 10, totalRows: organizationRows });
      await storage.write(organization);
      const template = await preparePush(storage, organization, folder, size);
      return {
        run: async () => ({
          limit: await measureRawPushOnSqlite(size),
          value: (await measurePush(storage, template)).elapsedMs,
        }),
        stop: nothing,
      };
    },
  );
}

function createNotice(name: string, size: number): Benchmark {
  return createOne(
    `sync.growth.notice.${name}.p50_ms`,
    {
      unit: 'ms',
      what: `a change seen by another in an organization of ${size.toLocaleString('en')} rows`,
    },
    size,
    async (storage, folder) => {
      const organization = generateOrganization({
        internCount: Math.min(200, size / 100),
        totalRows: size,
      });
      await storage.write(organization);
      const session = await startNoticeSession(storage, organization, folder, 1);
      return {
        run: async () => ({ value: computePercentile(await session.run(changesPerRound), 0.5) }),
        stop: () => session.stop(),
      };
    },
  );
}
