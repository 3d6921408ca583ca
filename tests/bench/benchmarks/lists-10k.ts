import type { Browser, Page } from '@playwright/test';
import { rehearsedMark } from '../../../src/renderer/rehearsed-mark.ts';
import { createBenchmarkWorkspace, type WorkspaceShape } from '../data/create-workspace.ts';
import { buildSearchIndex, fillVolume } from '../data/fill-volume.ts';
import type { Benchmark } from '../harness/benchmark.ts';
import { startLoopbackProcess } from '../harness/loopback-process.ts';
import { type Act, measurePainted } from '../harness/measure-painted.ts';
import { reportSlowest } from '../harness/report-slowest.ts';

type Id = 'lists.10k.first_rows_ms';

interface List {
  readonly name: string;
  readonly act: Act;
  /** A row of the list. */
  readonly shown: string;
}

const link = (path: string): Act => ({ kind: 'click', selector: `nav a[href="${path}"]` });

export const employersLists: readonly List[] = [
  {
    name: 'overview',
    act: link('/overview'),
    shown: 'table[aria-label="Engagements"] tbody tr',
  },
  {
    name: 'review queue',
    act: link('/review'),
    shown: '[aria-label="Waiting for your decision"] [role="row"]',
  },
  { name: 'projects', act: link('/projects'), shown: '[aria-label="Projects"] [role="row"]' },
  { name: 'people', act: link('/people'), shown: 'main a[href^="/people/"]' },
  {
    name: 'timesheets',
    act: link('/timesheets'),
    shown: 'main a[href^="/people/"]',
  },
  { name: 'history', act: link('/history'), shown: 'table[aria-label="Acts"] tbody tr' },
];

export const internsLists: readonly List[] = [
  { name: 'today', act: link('/today'), shown: 'main a[href^="/tasks/"]' },
  { name: 'tasks', act: link('/tasks'), shown: '[aria-label="Tasks by deadline"] [role="row"]' },
  { name: 'hours', act: link('/hours'), shown: '[data-entry]' },
  {
    name: 'hours as a list',
    act: { kind: 'key', key: '3' },
    shown: '[aria-label="Time entries of the year"] [role="row"]',
  },
];

const shape = {
  taskCount: 10_000,
  projectCount: 60,
  areTasksOpen: false,
  totalRows: 220_000,
} as const satisfies Partial<WorkspaceShape>;

/**
 * The seats of an owner and of an intern with 10,000 tasks and 100,000 time entries each, on a process and a page of the
 * round's own. Each list is opened once, from Settings, when the page has nothing left to do; what the page asks for and
 * draws by itself in quiet (`Rehearsal`) is done by then, as it is for a person some seconds after the start.
 */
export const lists10k: Benchmark<Id> = {
  measures: {
    'lists.10k.first_rows_ms': {
      unit: 'ms',
      what: `the slowest of ${employersLists.length + internsLists.length} lists, from the click to the first rows painted`,
      limit: 'Settings, which asks for little, in the same page',
    },
  },
  rounds: 7,
  prepare: async ({ obtainBrowser }) => {
    const browser = await obtainBrowser();
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
    // One person's own: in a year, 100,000 would be more than days have hours.
    fillVolume(interns, { ...volume, spanDays: 25 * 365 });
    // Made once in the life of a workspace, when it is quiet.
    await buildSearchIndex(interns);
    return {
      runRound: async () => {
        const durations = new Map([
          ...(await measureSeat(browser, owners.folder, employersLists)),
          ...(await measureSeat(browser, interns.folder, internsLists)),
        ]);
        const still = durations.get('settings') ?? 0;
        durations.delete('settings');
        return {
          'lists.10k.first_rows_ms': {
            value: reportSlowest('lists', durations).durationMs,
            limit: still,
          },
        };
      },
      dispose: async () => {
        await owners.remove();
        await interns.remove();
      },
    };
  },
};

export async function measureSeat(
  browser: Browser,
  folder: string,
  lists: readonly List[],
): Promise<Map<string, number>> {
  const host = startLoopbackProcess(folder);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const url = await host.url;
    await page.goto(new URL(`/settings${url.hash}`, url).href);
    await page.getByRole('heading', { name: 'Settings' }).first().waitFor();
    await page.waitForFunction(
      (mark) => performance.getEntriesByName(mark).length > 0,
      rehearsedMark,
      { timeout: 60_000 },
    );
    const durations = new Map<string, number>();
    for (const { name, act, shown } of lists) {
      if (act.kind === 'click') await rest(page, durations);
      durations.set(name, await measurePainted(page, act, { shown }));
    }
    return durations;
  } finally {
    await context.close();
    await host.stop();
  }
}

/** Back to Settings, until the page and its workspace have nothing left to do. */
async function rest(page: Page, durations: Map<string, number>): Promise<void> {
  const shown = 'main [aria-label="Settings"], main h1';
  if (!page.url().includes('/settings'))
    durations.set(
      'settings',
      await measurePainted(page, link('/settings'), { shown, differs: true }),
    );
  await page.waitForTimeout(1500);
}
