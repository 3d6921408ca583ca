import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { ReturnComments } from '../../../src/renderer/features/timesheets/return-comments.tsx';
import { TimesheetTable } from '../../../src/renderer/features/timesheets/timesheet-table.tsx';
import type { Timesheet } from '../../../src/shared/contract/hours-requests.ts';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

/** A quarter of an hour each, so many a day. */
function createSheet(days: number, perDay: number): Timesheet {
  const dates = Array.from(
    { length: days },
    (_, day) => `2026-03-${String(day + 1).padStart(2, '0')}`,
  );
  return {
    item: { rounding: null },
    days: dates.map((date) => ({ date, exactSeconds: perDay * 900, roundedSeconds: null })),
    entries: dates.flatMap((date) =>
      Array.from({ length: perDay }, (_, index) => ({
        entry: {
          timeEntryId: `${date}/${index}`,
          startedAt: `${date}T08:00:00.000Z`,
          endedAt: `${date}T08:15:00.000Z`,
          zone: 'UTC',
          taskTitle: 'Interviews',
          note: '',
          seconds: 900,
        },
        days: [{ date, seconds: 900 }],
        roundedSeconds: null,
        editCount: 0,
        comments: [],
      })),
    ),
  } as unknown as Timesheet;
}

const render = (sheet: Timesheet, texts: Readonly<Record<string, string>> = {}): string =>
  renderToStaticMarkup(<ReturnComments sheet={sheet} texts={texts} onChange={() => undefined} />);

const count = (html: string, words: string | RegExp): number => html.split(words).length - 1;

test('a short timesheet that is returned has a field for every entry at once', () => {
  expect(count(render(createSheet(3, 2)), '<input')).toBe(6);
});

test('the days of a long timesheet that is returned are closed, and say what was typed in them', () => {
  const html = render(createSheet(14, 12), { '2026-03-04/3': 'Which shop?' });
  expect(count(html, '<input')).toBe(0);
  expect(count(html, 'aria-expanded="false"')).toBe(14);
  expect(count(html, '12 entries, 3h')).toBe(14);
  expect(count(html, '1 comment<')).toBe(1);
});

test('of a long timesheet the other entries can be reached from the first', () => {
  const table = (sheet: Timesheet) =>
    renderToStaticMarkup(
      <TimesheetTable sheet={sheet} onShowHistory={() => undefined} onChange={undefined} />,
    );
  expect(table(createSheet(3, 2))).not.toContain('Show more');
  const long = table(createSheet(28, 12));
  expect(long).toContain('Show more of 336');
  expect(count(long, '<tr')).toBeLessThan(80);
});
