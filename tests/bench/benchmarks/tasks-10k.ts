import type { Browser, Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { type BenchmarkWorkspace, createBenchmarkWorkspace } from '../data/create-workspace.ts';
import type { Benchmark } from '../harness/benchmark.ts';
import { startLoopbackProcess } from '../harness/loopback-process.ts';
import { readProcessMemory } from '../harness/process-memory.ts';

const taskCount = 10_000;

type Id = 'tasks.10k.ms' | 'tasks.10k.rss_mb' | 'tasks.10k.peak_rss_mb';

/**
 * An intern's seat with 10,000 open tasks (and some 100,000 rows around them), on a process and a page
 * that were started for this round. The page stands on Settings; measured is the change of route inside the
 * page: from the click on "Tasks" in the rail to the first frame that shows rows, with the request and
 * the screen's own code (which is fetched when it is first opened) in it. The memory is that of the
 * workspace process right after.
 */
export const tasks10k: Benchmark<Id> = {
  measures: {
    'tasks.10k.ms': {
      unit: 'ms',
      what: 'from the click on Tasks to rows shown, of a list of 10,000',
      limit: 'the query of the same rows alone',
    },
    'tasks.10k.rss_mb': { unit: 'MB', what: 'memory of the workspace process after that' },
    'tasks.10k.peak_rss_mb': { unit: 'MB', what: 'the most memory it has had until then' },
  },
  rounds: 7,
  prepare: async ({ obtainBrowser }) => {
    const browser = await obtainBrowser();
    const workspace = await createBenchmarkWorkspace({
      role: 'intern',
      taskCount,
      engagementCount: 250,
      projectCount: 60,
      areTasksOpen: true,
      totalRows: 130_000,
    });
    return {
      runRound: async () => {
        const limit = measureQuery(workspace);
        const host = startLoopbackProcess(workspace.folder);
        try {
          const value = await measureList(browser, await host.url);
          const { residentMb, peakMb } = readProcessMemory(host.pid);
          return {
            'tasks.10k.ms': { value, limit },
            'tasks.10k.rss_mb': { value: residentMb },
            'tasks.10k.peak_rss_mb': { value: peakMb },
          };
        } finally {
          await host.stop();
        }
      },
      dispose: () => workspace.remove(),
    };
  },
};

function measureQuery({ databaseFile, orgId }: BenchmarkWorkspace): number {
  const connection = new Database(databaseFile, { readonly: true });
  try {
    const startedMs = performance.now();
    const rows = connection
      .prepare(
        `select tasks.*, deadlines.wall, deadlines.zone, projects.title as "projectTitle"
         from tasks
         join deadlines on deadlines."orgId" = tasks."orgId" and deadlines.id = tasks."deadlineId"
         join engagements on engagements."orgId" = tasks."orgId" and engagements.id = tasks."engagementId"
         join projects on projects."orgId" = tasks."orgId" and projects.id = engagements."projectId"
         where tasks."orgId" = ?
         order by deadlines.wall, tasks.title, tasks.id`,
      )
      .all(orgId);
    const durationMs = performance.now() - startedMs;
    if (rows.length !== taskCount) throw new Error(`expected ${taskCount} rows from the query`);
    return durationMs;
  } finally {
    connection.close();
  }
}

async function measureList(browser: Browser, url: URL): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await openSettings(page, url);
    const durationMs = await page.evaluate(async () => {
      const link = document.querySelector<HTMLAnchorElement>('nav a[href="/tasks"]');
      if (link === null) throw new Error('expected a link to the tasks in the rail');
      const startedMs = performance.now();
      link.click();
      await new Promise<void>((resolve) => {
        const look = () => {
          // Once more after rows were found: then they have been painted.
          if (document.querySelector('[role="grid"] [role="row"]') === null)
            requestAnimationFrame(look);
          else requestAnimationFrame(() => resolve());
        };
        look();
      });
      return performance.now() - startedMs;
    });
    await page.getByText('10,000', { exact: true }).waitFor();
    return durationMs;
  } finally {
    await context.close();
  }
}

async function openSettings(page: Page, url: URL): Promise<void> {
  await page.goto(new URL(`/settings${url.hash}`, url).href);
  await page.getByRole('heading', { name: 'Settings' }).first().waitFor();
}
