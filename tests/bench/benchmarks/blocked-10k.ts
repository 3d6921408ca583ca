import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import type { RequestInput, RequestName } from '../../../src/shared/contract/contract.ts';
import { type BenchmarkWorkspace, createBenchmarkWorkspace } from '../data/create-workspace.ts';
import { buildSearchIndex, fillVolume } from '../data/fill-volume.ts';
import type { Benchmark } from '../harness/benchmark.ts';
import { reportSlowest } from '../harness/report-slowest.ts';

type Id = 'blocked.10k.first_ms' | 'blocked.10k.again_ms';
type Asked = {
  [Name in RequestName]: readonly [name: Name, input: RequestInput<Name>];
}[RequestName];

const run = promisify(execFile);
const probe = path.resolve(import.meta.dirname, '../probes/watch-stretches.ts');

const year = new Date().getUTCFullYear();
const wholeYear = { from: `${year}-01-01`, to: `${year}-12-31` };

function listOwners({ seatId, ...workspace }: BenchmarkWorkspace): readonly Asked[] {
  const engagementId = findLargestEngagement(workspace.databaseFile);
  return [
    ['overview.get', { seatId, first: 50 }],
    ['overview.get', { seatId }],
    ['review.queue', { seatId }],
    ['projects.list', { seatId }],
    ['people.list', { seatId }],
    ['engagement.get', { seatId, engagementId }],
    ['history.list', { seatId }],
    ['search.find', { text: 'part', limit: 100 }],
    ['files.space', {}],
    ['bundle.export', { seatId, engagementId }],
    ['history.export', { seatId }],
    ['calendar.export', { seatId }],
  ];
}

function listInterns({ seatId, databaseFile }: BenchmarkWorkspace): readonly Asked[] {
  const engagementId = findLargestEngagement(databaseFile);
  return [
    ['today.get', {}],
    ['tasks.list', { limit: 200 }],
    ['hours.list', { ...wholeYear, limit: 200 }],
    ['hours.budget', { seatId }],
    ['bundle.export', { seatId, engagementId }],
  ];
}

function findLargestEngagement(databaseFile: string): string {
  const connection = new Database(databaseFile, { readonly: true });
  try {
    return String(
      connection
        .prepare(
          `select "engagementId" from "tasks" group by "engagementId" order by count(*) desc, "engagementId" limit 1`,
        )
        .pluck()
        .get(),
    );
  } finally {
    connection.close();
  }
}

/**
 * The seats of an owner and of an intern with 10,000 tasks and 100,000 time entries each. Each request is the first after
 * a start of the engine, in a process of its own, and is then asked once more.
 */
export const blocked10k: Benchmark<Id> = {
  measures: {
    'blocked.10k.first_ms': {
      unit: 'ms',
      what: 'the longest stretch in which nobody else had a turn, in processor time, while the slowest of 17 requests was answered for the first time after a start',
    },
    'blocked.10k.again_ms': { unit: 'ms', what: 'the same when each was asked once more' },
  },
  rounds: 3,
  prepare: async () => {
    const shape = { taskCount: 10_000, projectCount: 60, areTasksOpen: false, totalRows: 220_000 };
    const volume = { timeEntryCount: 100_000, actCount: 20_000 };
    const owners = await createBenchmarkWorkspace({
      ...shape,
      role: 'owner',
      engagementCount: 1000,
    });
    fillVolume(owners, volume);
    await buildSearchIndex(owners);
    const interns = await createBenchmarkWorkspace({
      ...shape,
      role: 'intern',
      engagementCount: 250,
    });
    fillVolume(interns, { ...volume, spanDays: 25 * 365 });
    await buildSearchIndex(interns);
    return {
      runRound: async () => {
        const first = new Map<string, number>();
        const again = new Map<string, number>();
        for (const [workspace, requests] of [
          [owners, listOwners(owners)],
          [interns, listInterns(interns)],
        ] as const)
          for (const [index, asked] of requests.entries()) {
            const [firstMs, againMs] = await watch(workspace, asked);
            const name = `${workspace === owners ? 'owner' : 'intern'}'s ${asked[0]} (${index + 1})`;
            first.set(name, firstMs);
            again.set(name, againMs);
          }
        return {
          'blocked.10k.first_ms': {
            value: reportSlowest('blocked at first', first).durationMs,
          },
          'blocked.10k.again_ms': { value: reportSlowest('blocked again', again).durationMs },
        };
      },
      dispose: async () => {
        await owners.remove();
        await interns.remove();
      },
    };
  },
};

async function watch(
  { folder }: BenchmarkWorkspace,
  asked: Asked,
): Promise<readonly [firstMs: number, againMs: number]> {
  const { stdout } = await run(process.execPath, [
    ...process.execArgv,
    probe,
    folder,
    JSON.stringify([asked]),
  ]);
  const [[, firstMs, againMs] = ['', Number.NaN, Number.NaN]] = JSON.parse(stdout) as [
    name: string,
    firstMs: number,
    againMs: number,
  ][];
  return [firstMs, againMs];
}
