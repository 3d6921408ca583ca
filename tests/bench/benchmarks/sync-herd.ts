import path from 'node:path';
import type { Benchmark } from '../harness/benchmark.ts';
import { createBenchFolder } from '../sync/bench-folder.ts';
import { createBenchStorage } from '../sync/bench-storage.ts';
import { measureHerd, prepareHerd } from '../sync/measure-herd.ts';
import { measureRawPushOnSqlite } from '../sync/raw-limits.ts';
import { generateOrganization } from '../sync/server-fixture.ts';

const workspaceCount = 500;
const changesEach = 20;
const organizationRows = 10_000;

/**
 * After an outage, the workspaces of 500 interns of one organization come back in the same moment, each with 20
 * changes; all of them with one server process on SQLite. A round fails when a person would have seen an error.
 */
export const syncHerd: Benchmark<'sync.herd.500.ms' | 'sync.herd.500.rss_server_mb'> = {
  measures: {
    'sync.herd.500.ms': {
      unit: 'ms',
      what: '500 workspaces with 20 changes each reconnect at once, until the last is settled',
      limit: 'as many bytes over loopback and as many rows inserted raw, 500 changes a transaction',
    },
    'sync.herd.500.rss_server_mb': {
      unit: 'MB',
      what: 'the most memory that the server process had meanwhile',
    },
  },
  rounds: 3,
  prepare: async () => {
    const folder = await createBenchFolder();
    const storage = await createBenchStorage('sqlite', path.join(folder.path, 'storage'));
    const organization = generateOrganization({
      internCount: workspaceCount,
      totalRows: organizationRows,
    });
    await storage.write(organization);
    const template = await prepareHerd(storage, organization, folder.path, changesEach);
    return {
      runRound: async () => {
        const limit = await measureRawPushOnSqlite(workspaceCount * changesEach);
        const { elapsedMs, serverMb } = await measureHerd(storage, organization, template);
        return {
          'sync.herd.500.ms': { value: elapsedMs, limit },
          'sync.herd.500.rss_server_mb': { value: serverMb },
        };
      },
      dispose: async () => {
        await storage.dispose();
        await folder.remove();
      },
    };
  },
};
