import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { Router } from 'wouter';
import type { TimeEntry } from '../../../src/shared/contract/shapes.ts';
import {
  computeCalendarDay,
  hourMs,
} from '../../../src/renderer/features/hours/calendar/calendar-days.ts';
import type { HoursDay } from '../../../src/renderer/features/hours/hours-chart.tsx';
import { WeekTable } from '../../../src/renderer/features/hours/week-table.tsx';
import { formatDuration } from '../../../src/renderer/format/duration.ts';
import { localZone } from '../../../src/renderer/format/locale.ts';
import { computeIsoInstant } from '../../../src/shared/ports.ts';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

vi.mock('../../../src/renderer/format/locale.ts', async (original) => ({
  ...(await original<object>()),
  localZone: 'Europe/Berlin',
}));

const monday = '2026-03-09';

/** From an hour before this day until two hours into it. */
function createNightShift(date: string): TimeEntry {
  const { startMs } = computeCalendarDay(date, localZone);
  return {
    seatId: 'seat',
    timeEntryId: 'entry',
    taskId: 'task',
    engagementId: 'engagement',
    taskTitle: 'Night shift',
    organizationName: 'Tidewater',
    startedAt: computeIsoInstant(startMs - hourMs),
    endedAt: computeIsoInstant(startMs + 2 * hourMs),
    zone: localZone,
    seconds: 3 * 3600,
    source: 'timer',
    note: '',
    overlaps: false,
    wasRevived: false,
    isInFuture: false,
    timesheet: null,
    mark: 'on_the_server',
  };
}

function render(entry: TimeEntry, days: readonly HoursDay[]): string {
  return renderToStaticMarkup(
    <Router ssrPath="/hours">
      <WeekTable
        days={days}
        entries={[entry]}
        totalSeconds={days.reduce((sum, { seconds }) => sum + seconds, 0)}
        coveredSeconds={days.reduce((sum, { coveredSeconds }) => sum + coveredSeconds, 0)}
        onEdit={() => undefined}
        onDelete={() => undefined}
      />
    </Router>,
  );
}

/** The durations in the rows of the entries, in their order. */
function listDurations(entry: TimeEntry, days: readonly HoursDay[]): string[] {
  const html = render(entry, days);
  return [...html.matchAll(/<td class="[^"]*duration[^"]*">([^<]*)</g)].map(
    ([, text = '']) => text,
  );
}

const createDay = (date: string, hours: number): HoursDay => ({
  date,
  seconds: hours * 3600,
  coveredSeconds: hours * 3600,
});

test('time that began before the week and reaches into it stands in its table, as it is summed there', () => {
  expect(listDurations(createNightShift(monday), [createDay(monday, 2)])).toEqual([
    formatDuration(2 * hourMs),
  ]);
});

test('time across a midnight stands under both days, with what each counts of it', () => {
  const days = [createDay(monday, 1), createDay('2026-03-10', 2)];
  expect(listDurations(createNightShift('2026-03-10'), days)).toEqual([
    formatDuration(hourMs),
    formatDuration(2 * hourMs),
  ]);
});

test('time in which the clocks are changed says so, as what they show is not its length', () => {
  const shift = createNightShift('2026-10-25');
  const endedAt = computeIsoInstant(
    computeCalendarDay('2026-10-25', localZone).startMs + 6 * hourMs,
  );
  const days = [createDay('2026-10-24', 1), createDay('2026-10-25', 6)];
  expect(render({ ...shift, endedAt }, days).split('clocks changed')).toHaveLength(2);
  expect(render(shift, days)).not.toContain('clocks changed');
});
