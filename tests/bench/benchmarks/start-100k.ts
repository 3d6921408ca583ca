import path from 'node:path';
import { createBenchmarkWorkspace } from '../data/create-workspace.ts';
import type { Benchmark } from '../harness/benchmark.ts';
import { startLineProcess } from '../harness/line-process.ts';
import { startLoopbackProcess } from '../harness/loopback-process.ts';

const probe = path.resolve(import.meta.dirname, '../probes/open-database.ts');

/**
 * From the start of the built workspace process on an employer's seat of 100,000 rows, in a folder that
 * was used before, to the answer to its first request: the first 50 of 5,000 tasks. The file lies in
 * the system's cache.
 */
export const start100k: Benchmark<'start.100k.ms'> = {
  measures: {
    'start.100k.ms': {
      unit: 'ms',
      what: 'workspace process started on 100,000 rows, to its first answer',
      limit: 'bare Node opens the same file and runs one query',
    },
  },
  rounds: 9,
  prepare: async () => {
    const workspace = await createBenchmarkWorkspace({
      role: 'owner',
      taskCount: 5_000,
      engagementCount: 200,
      projectCount: 40,
      areTasksOpen: false,
      totalRows: 100_000,
    });
    return {
      runRound: async () => {
        const limit = await measureBareStart(workspace.databaseFile, workspace.orgId);
        const host = startLoopbackProcess(workspace.folder);
        try {
          const answer = await host.request('tasks.list', { limit: 50 });
          const value = performance.now() - host.startedMs;
          if (answer.items.length !== 50) throw new Error('expected 50 tasks in the answer');
          return { 'start.100k.ms': { value, limit } };
        } finally {
          await host.stop();
        }
      },
      dispose: () => workspace.remove(),
    };
  },
};

async function measureBareStart(databaseFile: string, orgId: string): Promise<number> {
  const bare = startLineProcess(process.execPath, [probe, databaseFile, orgId]);
  try {
    const { rows } = await bare.firstJson;
    const durationMs = performance.now() - bare.startedMs;
    if (rows !== 50) throw new Error('expected 50 rows from the bare query');
    return durationMs;
  } finally {
    await bare.stop();
  }
}
