import type { Browser, Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { type BenchmarkWorkspace, createBenchmarkWorkspace } from '../data/create-workspace.ts';
import { dayMs, instantOf, minuteMs } from '../data/generated-row.ts';
import { SeededRandom } from '../data/seeded-random.ts';
import type { Benchmark } from '../harness/benchmark.ts';
import { startLoopbackProcess } from '../harness/loopback-process.ts';

const entryCount = 4000;
const seed = 20_260_101;

type Id = 'hours.year.switch_ms' | 'hours.year.drag_ms';

declare global {
  interface Window {
    paintedAfterMs: number[];
  }
}

/**
 * An intern's seat with a year of 4,000 time entries. Each round opens the hours in a page of its own and keeps the
 * slowest: of nine switches between week, month and list, from the key to the painted frame that shows the view; and
 * of a drag of one block through the week and back, from each movement (and the drop) to the next painted frame.
 */
export const hoursYear: Benchmark<Id> = {
  measures: {
    'hours.year.switch_ms': {
      unit: 'ms',
      what: 'the slowest switch between week, month and list of 4,000 entries, until painted',
      limit: 'a key that does nothing, until the next painted frame',
    },
    'hours.year.drag_ms': {
      unit: 'ms',
      what: 'the slowest movement of a block that is dragged through the week, until painted',
      limit: 'the pointer moved over the page, until the next painted frame',
    },
  },
  rounds: 7,
  prepare: async ({ obtainBrowser }) => {
    const browser = await obtainBrowser();
    const workspace = await createBenchmarkWorkspace({
      role: 'intern',
      taskCount: 200,
      engagementCount: 5,
      projectCount: 5,
      areTasksOpen: true,
      totalRows: 6000,
    });
    fillYear(workspace);
    return {
      runRound: async () => {
        const host = startLoopbackProcess(workspace.folder);
        try {
          return await measureHours(browser, await host.url);
        } finally {
          await host.stop();
        }
      },
      dispose: () => workspace.remove(),
    };
  },
};

/** Twelve stretches a day up to now, a tenth of them sharing time with the one before. */
function fillYear({ databaseFile }: BenchmarkWorkspace): void {
  const connection = new Database(databaseFile);
  try {
    const random = new SeededRandom(seed);
    const samples = connection
      .prepare<[], Record<string, unknown>>('select * from "timeEntries" order by id limit 100')
      .all();
    connection.exec('delete from "timeEntries"');
    const untilMs = Date.now() - 10 * minuteMs;
    const year = new Date(untilMs).getUTCFullYear();
    const spanMs = untilMs - Date.UTC(year, 0, 1);
    const stepMs = Math.floor(spanMs / entryCount);
    const perDay = Math.max(1, Math.round(dayMs / stepMs));
    connection.transaction(() => {
      for (let index = 0; index < entryCount; index += 1) {
        const sample = samples[index % samples.length];
        if (sample === undefined) throw new Error('expected time entries to take as samples');
        const dayStartMs = untilMs - Math.floor(index / perDay) * dayMs - dayMs / 2;
        const startedMs = Math.max(
          Date.UTC(year, 0, 1),
          dayStartMs + (index % perDay) * 55 * minuteMs,
        );
        const lengthMs = (random.chance(0.1) ? 70 : 45) * minuteMs;
        const row: Record<string, unknown> = {
          ...sample,
          id: random.uuid(startedMs),
          startedAt: instantOf(startedMs),
          endedAt: instantOf(startedMs + lengthMs),
        };
        const columns = Object.keys(row);
        connection
          .prepare(
            `insert into "timeEntries" (${columns.map((column) => `"${column}"`).join(', ')})
             values (${columns.map((column) => `@${column}`).join(', ')})`,
          )
          .run(row);
      }
    })();
  } finally {
    connection.close();
  }
}

async function measureHours(browser: Browser, url: URL) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    let answers = 0;
    page.on('response', (response) => {
      if (response.url().includes('hours.list')) answers += 1;
    });
    await page.goto(new URL(`/hours${url.hash}`, url).href);
    await page.locator('[data-entry]').first().waitFor();
    while (answers < 3) await page.waitForTimeout(50);
    // All of the year is shown, not its newest entries alone.
    await page.keyboard.press('3');
    await page.getByRole('button', { name: /^Show all/ }).click();
    await page.locator(`[role="grid"][aria-rowcount="${entryCount}"]`).waitFor();
    await page.keyboard.press('1');
    await page.locator('[data-entry]').first().waitFor();
    // What was asked for ahead has been taken over.
    await page.waitForTimeout(500);
    const idle = await measureKey(page, 'Shift', '[data-entry]');
    const switches: number[] = [];
    for (const key of ['2', '3', '1', '3', '2', '1', '2', '3', '1'])
      switches.push(
        await measureKey(
          page,
          key,
          key === '1'
            ? '[data-entry]'
            : key === '2'
              ? 'table[aria-label="The month by days"]'
              : '[aria-label="Time entries of the year"] [role="row"]',
        ),
      );
    const still = await measurePointer(page, false);
    const dragged = await measurePointer(page, true);
    return {
      'hours.year.switch_ms': { value: Math.max(...switches), limit: idle },
      'hours.year.drag_ms': { value: Math.max(...dragged), limit: Math.max(...still) },
    };
  } finally {
    await context.close();
  }
}

async function measureKey(page: Page, key: string, selector: string): Promise<number> {
  return page.evaluate(
    async ([pressed, shown]) => {
      const startedMs = performance.now();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true }));
      await new Promise<void>((resolve) => {
        const look = () => {
          // A view that is kept out of sight is in the document, and is not seen.
          if (document.querySelector(shown)?.checkVisibility() !== true) {
            requestAnimationFrame(look);
            return;
          }
          requestAnimationFrame(() => {
            // Runs after the frame has been handed over.
            const { port1, port2 } = new MessageChannel();
            port1.addEventListener('message', () => resolve());
            port1.start();
            port2.postMessage(undefined);
          });
        };
        look();
      });
      return performance.now() - startedMs;
    },
    [key, selector] as const,
  );
}

/** Moves the pointer over the calendar, with a block in hand or without, by real events of the browser. */
async function measurePointer(page: Page, isDragging: boolean): Promise<readonly number[]> {
  const block = page.locator('[data-entry]').first();
  await block.scrollIntoViewIfNeeded();
  const box = await block.boundingBox();
  if (box === null) throw new Error('expected a block that can be seen');
  await page.evaluate(() => {
    window.paintedAfterMs = [];
    const measure = (event: Event) => {
      const { timeStamp } = event;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () =>
          window.paintedAfterMs.push(performance.now() - timeStamp),
        );
        port1.start();
        port2.postMessage(undefined);
      });
    };
    for (const type of ['pointermove', 'pointerup'])
      window.addEventListener(type, measure, { capture: true });
  });
  const x = box.x + box.width / 2;
  const y = box.y + Math.min(8, box.height / 2);
  await page.mouse.move(x, y);
  if (isDragging) await page.mouse.down();
  for (let step = 1; step <= 40; step += 1) {
    const away = step <= 20 ? step : 40 - step;
    await page.mouse.move(x + away * 30, y + away * 10);
  }
  if (isDragging) {
    await page.mouse.move(x, y + 44);
    await page.mouse.up();
  }
  await page.waitForTimeout(300);
  return page.evaluate(() => window.paintedAfterMs);
}
