import { expect, test } from 'vitest';
import type { TimeEntry } from '../../../src/shared/contract/shapes.ts';
import {
  addForecast,
  dropForecast,
  endForecasts,
  type EntryForecasts,
  type EntryTimes,
  noteTaken,
  showForecasts,
} from '../../../src/renderer/features/hours/calendar/entry-forecasts.ts';

const at = (hour: number): EntryTimes => ({
  startedAt: `2026-11-21T0${hour}:00:00.000Z`,
  endedAt: `2026-11-21T0${hour}:30:00.000Z`,
});
const stood = at(1);
const moved = at(2);

/** What the workspace answers: one entry with these times. */
const answer = (times: EntryTimes): readonly TimeEntry[] => [
  { timeEntryId: 'entry', ...times } as TimeEntry,
];
const none: EntryForecasts = new Map();
const shownHour = (times: EntryTimes, forecasts: EntryForecasts): number =>
  Number(showForecasts(answer(times), forecasts)[0]?.startedAt.slice(11, 13));

test('an entry stands where it was put before and after the workspace answers with it', () => {
  let forecasts = addForecast(none, 'entry', { times: moved, seen: stood });
  expect(shownHour(stood, forecasts)).toBe(2);
  forecasts = noteTaken(forecasts, 'entry', moved);
  expect(shownHour(stood, forecasts)).toBe(2);
  forecasts = endForecasts(forecasts, answer(moved));
  expect(forecasts.size).toBe(0);
  // Another device puts it back: that is shown as it is.
  expect(shownHour(stood, forecasts)).toBe(1);
});

test('an undone move stays undone while the answer to the move is still coming', () => {
  let forecasts = addForecast(none, 'entry', { times: moved, seen: stood });
  forecasts = noteTaken(forecasts, 'entry', moved);
  forecasts = addForecast(forecasts, 'entry', { times: stood, seen: stood });
  // Answers from before the move, and from before its undoing.
  forecasts = endForecasts(forecasts, answer(stood));
  expect(shownHour(stood, forecasts)).toBe(1);
  forecasts = endForecasts(forecasts, answer(moved));
  expect(shownHour(moved, forecasts)).toBe(1);
  forecasts = noteTaken(forecasts, 'entry', stood);
  expect(shownHour(moved, forecasts)).toBe(1);
  forecasts = endForecasts(forecasts, answer(stood));
  expect(forecasts.size).toBe(0);
});

test('what comes from elsewhere is shown as it is, and a refused change goes', () => {
  const forecasts = addForecast(none, 'entry', { times: moved, seen: stood });
  expect(shownHour(at(5), forecasts)).toBe(5);
  expect(shownHour(stood, dropForecast(forecasts, 'entry'))).toBe(1);
});

test('only the change that stands last is noted as taken', () => {
  let forecasts = addForecast(none, 'entry', { times: moved, seen: stood });
  forecasts = addForecast(forecasts, 'entry', { times: at(3), seen: stood });
  forecasts = noteTaken(forecasts, 'entry', moved);
  expect(forecasts.get('entry')?.isTaken).toBe(false);
  expect(shownHour(moved, forecasts)).toBe(3);
});
