import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { Router } from 'wouter';
import type { TimeEntry } from '../../../src/shared/contract/shapes.ts';
import {
  computeCalendarDay,
  hourMs,
} from '../../../src/renderer/features/hours/calendar/calendar-days.ts';
import { WeekTable } from '../../../src/renderer/features/hours/week-table.tsx';
import { localZone } from '../../../src/renderer/format/locale.ts';
import { computeIsoInstant } from '../../../src/shared/ports.ts';

// There is no window to look for a host in, and nothing is asked of one here.
vi.mock('../../../src/renderer/client/host.ts', () => ({ carrier: { headers: {} } }));

test('time that began before the week and reaches into it stands in its table, as it is summed there', () => {
  const monday = '2026-03-09';
  const { startMs } = computeCalendarDay(monday, localZone);
  const entry: TimeEntry = {
    seatId: 'seat',
    timeEntryId: 'entry',
    taskId: 'task',
    engagementId: 'engagement',
    taskTitle: 'Night shift',
    organizationName: 'Tidewater',
    startedAt: computeIsoInstant(startMs - hourMs),
    endedAt: computeIsoInstant(startMs + hourMs),
    zone: localZone,
    seconds: 7200,
    source: 'timer',
    note: '',
    overlaps: false,
    wasRevived: false,
    isInFuture: false,
    timesheet: null,
    mark: 'on_the_server',
  };
  const html = renderToStaticMarkup(
    <Router ssrPath="/hours">
      <WeekTable
        days={[{ date: monday, seconds: 3600, coveredSeconds: 3600 }]}
        entries={[entry]}
        totalSeconds={3600}
        coveredSeconds={3600}
        onEdit={() => undefined}
        onDelete={() => undefined}
      />
    </Router>,
  );
  expect(html).toContain('Night shift');
});
