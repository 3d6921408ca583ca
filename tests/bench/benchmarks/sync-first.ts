import path from 'node:path';
import type { Benchmark } from '../harness/benchmark.ts';
import { createBenchFolder } from '../sync/bench-folder.ts';
import { createBenchStorage } from '../sync/bench-storage.ts';
import { measureFirstSync } from '../sync/measure-first.ts';
import { measureRawFirst } from '../sync/raw-limits.ts';
import { generateOrganization } from '../sync/server-fixture.ts';

const totalRows = 100_000;

/** An owner's empty workspace and a server that was just started on 100,000 rows, each a process of its own. */
export const syncFirst: Benchmark<
  | 'sync.first.100k.ms'
  | 'sync.first.100k.rss_client_mb'
  | 'sync.first.100k.rss_server_mb'
  | 'sync.first.100k.blocked_ms'
> = {
  measures: {
    'sync.first.100k.ms': {
      unit: 'ms',
      what: 'first synchronisation of 100,000 rows into an empty workspace',
      limit: 'the same rows as JSON over loopback, inserted raw in as many transactions',
    },
    'sync.first.100k.rss_client_mb': {
      unit: 'MB',
      what: 'the most memory that the process with the workspace had meanwhile',
    },
    'sync.first.100k.rss_server_mb': {
      unit: 'MB',
      what: 'the most memory that the server process had meanwhile',
    },
    'sync.first.100k.blocked_ms': {
      unit: 'ms',
      what: 'the longest stretch in which the event loop of the workspace did not turn',
    },
  },
  rounds: 5,
  prepare: async () => {
    const folder = await createBenchFolder();
    const storage = await createBenchStorage('sqlite', path.join(folder.path, 'storage'));
    const organization = generateOrganization({ internCount: 200, totalRows });
    await storage.write(organization);
    return {
      runRound: async () => {
        const limit = await measureRawFirst(organization);
        const figures = await measureFirstSync(storage, organization, folder.path);
        return {
          'sync.first.100k.ms': { value: figures.elapsedMs, limit },
          'sync.first.100k.rss_client_mb': { value: figures.clientMb },
          'sync.first.100k.rss_server_mb': { value: figures.serverMb },
          'sync.first.100k.blocked_ms': { value: figures.blockedMs },
        };
      },
      dispose: async () => {
        await storage.dispose();
        await folder.remove();
      },
    };
  },
};
