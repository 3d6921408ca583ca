import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from '@playwright/test';
import Database from 'better-sqlite3';
import { rehearsedMark } from '../../../src/renderer/rehearsed-mark.ts';
import { computeSearchQuery } from '../../../src/main/workspace/search/search-query.ts';
import type { RequestInput } from '../../../src/shared/contract/contract.ts';
import { type BenchmarkWorkspace, createBenchmarkWorkspace } from '../data/create-workspace.ts';
import { buildSearchIndex, fillVolume } from '../data/fill-volume.ts';
import type { Benchmark, Reading } from '../harness/benchmark.ts';
import { type LoopbackProcess, startLoopbackProcess } from '../harness/loopback-process.ts';
import { measurePainted } from '../harness/measure-painted.ts';
import { reportSlowest } from '../harness/report-slowest.ts';

type Id = 'search.100k.ms' | 'search.100k.painted_ms';
type Asked = RequestInput<'search.find'>;

const quietMs = 4000;
/** As the search's screen asks. */
const limit = 100;

const words: readonly string[] = [
  // In the title of every task.
  'part',
  // In thousands of notes, instructions and reviews.
  'source',
  'opening hours',
  'two sources disagree keep both and mark the line',
  // A word as it is typed.
  'h',
  'ha',
  'har',
  'harb',
  'harbour',
  'Malmö',
  'malmo',
  'Gdańsk',
  'cafés',
  'xylophone',
  'part xylophone',
  '"',
  '*',
  'NEAR',
  '"harbour" NEAR(part*, 3) OR title:-part',
  'part 7*',
];

/** Beginnings of words after each of which another hit stands first. */
const typed: readonly string[] = ['m', 'pr', 'tr', 'trad', 'prod', 'wri', 'source', 'harb', 'part'];

const searches: readonly Asked[] = [
  ...words.map((text): Asked => ({ text, limit, sort: 'best' })),
  { text: 'source', limit, sort: 'newest' },
  { text: 'part', limit, sort: 'newest' },
  // Kinds that a common word is rare in, and common.
  { text: 'source', limit, sort: 'best', kinds: ['review'] },
  { text: 'source', limit, sort: 'newest', kinds: ['time'] },
  { text: 'notes', limit, sort: 'best', kinds: ['person'] },
];

/**
 * The seat of an owner with 10,000 tasks and 100,000 time entries, and the search's index over them. A process of its
 * own in each round is asked as the interface asks; the same process then serves a page in which a word is typed letter by letter.
 */
export const search100k: Benchmark<Id> = {
  measures: {
    'search.100k.ms': {
      unit: 'ms',
      what: `the slowest of ${searches.length} searches in 10,000 tasks and 100,000 time entries`,
      limit: 'the newest 100 of the same words from SQLite alone',
    },
    'search.100k.painted_ms': {
      unit: 'ms',
      what: 'the slowest letter of a word, from the key to the painted hits',
    },
  },
  rounds: 7,
  prepare: async ({ obtainBrowser }) => {
    const browser = await obtainBrowser();
    const workspace = await createBenchmarkWorkspace({
      role: 'owner',
      taskCount: 10_000,
      engagementCount: 1000,
      projectCount: 60,
      areTasksOpen: false,
      totalRows: 200_000,
    });
    fillVolume(workspace, { timeEntryCount: 100_000, actCount: 20_000 });
    await buildSearchIndex(workspace);
    return {
      runRound: async () => {
        const host = startLoopbackProcess(workspace.folder);
        try {
          return {
            'search.100k.ms': await measureSearches(workspace, host),
            'search.100k.painted_ms': { value: await measureTyping(browser, await host.url) },
          };
        } finally {
          await host.stop();
        }
      },
      dispose: () => workspace.remove(),
    };
  },
};

async function measureSearches(
  workspace: BenchmarkWorkspace,
  host: LoopbackProcess,
): Promise<Reading> {
  // The process has begun; what it does at first is `start.100k.ms`. What it reads ahead when it is quiet is done after
  // some seconds, as it is for a person.
  await host.request('search.find', { text: 'begin', limit: 1 });
  await wait(quietMs);
  const durations = new Map<string, number>();
  for (const asked of searches) {
    const startedMs = performance.now();
    const { isComplete } = await host.request('search.find', asked);
    durations.set(JSON.stringify(asked), performance.now() - startedMs);
    if (!isComplete) throw new Error('expected an index that is complete');
  }
  const slowest = reportSlowest('search', durations);
  const { text } = JSON.parse(slowest.name) as Asked;
  return { value: slowest.durationMs, limit: measureRaw(workspace, text) };
}

function measureRaw({ databaseFile }: BenchmarkWorkspace, text: string): number {
  const query = computeSearchQuery(text);
  if (query === undefined) return 0;
  const connection = new Database(databaseFile, { readonly: true });
  try {
    const statement = connection.prepare(
      `select "rowid" from "searchText" where "searchText" match ? order by "rowid" desc limit ${limit}`,
    );
    const startedMs = performance.now();
    statement.all(query);
    return performance.now() - startedMs;
  } finally {
    connection.close();
  }
}

async function measureTyping(browser: Browser, url: URL): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(new URL(`/search${url.hash}`, url).href);
    const field = 'input[aria-label="Search everything"]';
    await page.locator(field).waitFor();
    // What the page draws by itself in quiet is done a few seconds after its start.
    await page.waitForFunction(
      (mark) => performance.getEntriesByName(mark).length > 0,
      rehearsedMark,
      { timeout: 60_000 },
    );
    const durations = new Map<string, number>();
    for (const text of typed) {
      durations.set(
        text,
        await measurePainted(
          page,
          { kind: 'type', selector: field, text },
          { shown: '[aria-label="Found"] li', differs: true },
        ),
      );
      await page.waitForTimeout(150);
    }
    return reportSlowest('typing', durations).durationMs;
  } finally {
    await context.close();
  }
}
