import { blocked10k } from './benchmarks/blocked-10k.ts';
import { bundle5g } from './benchmarks/bundle-5g.ts';
import { files1g } from './benchmarks/files-1g.ts';
import { filesSmall } from './benchmarks/files-small.ts';
import { hoursYear } from './benchmarks/hours-year.ts';
import { lists10k } from './benchmarks/lists-10k.ts';
import { search100k } from './benchmarks/search-100k.ts';
import { start100k } from './benchmarks/start-100k.ts';
import { syncFirst } from './benchmarks/sync-first.ts';
import { createGrowthBenchmarks } from './benchmarks/sync-growth.ts';
import { syncHerd } from './benchmarks/sync-herd.ts';
import { syncNoticePostgres, syncNoticeSqlite } from './benchmarks/sync-notice.ts';
import { syncPushPostgres, syncPushSqlite } from './benchmarks/sync-push.ts';
import { tasks10k } from './benchmarks/tasks-10k.ts';
import { uiReady } from './benchmarks/ui-ready.ts';
import type { Benchmark } from './harness/benchmark.ts';

/**
 * All benchmarks, in the order in which they run.
 *
 * @param isFull with those that take most of an hour.
 */
export function listBenchmarks({ isFull }: { readonly isFull: boolean }): readonly Benchmark[] {
  return [
    start100k,
    tasks10k,
    lists10k,
    search100k,
    blocked10k,
    hoursYear,
    uiReady,
    syncFirst,
    syncPushSqlite,
    syncPushPostgres,
    syncNoticeSqlite,
    syncNoticePostgres,
    syncHerd,
    bundle5g,
    files1g,
    filesSmall,
    ...createGrowthBenchmarks(isFull),
  ];
}
