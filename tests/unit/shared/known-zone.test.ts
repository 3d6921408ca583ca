import { expect, test } from 'vitest';
import { computeReadableMoment } from '../../../src/main/workspace/bundles/report/readable-values.ts';
import { computeHoursCsv } from '../../../src/main/workspace/hours-exchange/write-hours.ts';
import { Turns } from '../../../src/main/workspace/sync/turns.ts';
import { computeDayParts } from '../../../src/shared/domain/day-parts.ts';
import { computeDeadlineNotes } from '../../../src/shared/domain/deadline-notes.ts';
import { computeRoundedSeconds } from '../../../src/shared/domain/rounding.ts';

/** Named after this machine's zone data came out, as happens every other year. */
const zone = 'Mars/Olympus_Mons';

const entry = { startedAt: '2026-06-01T23:00:00.000Z', endedAt: '2026-06-02T01:00:00.000Z', zone };

test('hours in a zone that this machine does not know are added up all the same, by the days of UTC', () => {
  expect(computeRoundedSeconds([entry], { minutes: 15, mode: 'up', per: 'day' })).toBe(7200);
  expect(computeDayParts(entry, zone).map(({ date }) => date)).toEqual([
    '2026-06-01',
    '2026-06-02',
  ]);
});

test('what is written of them says the name of the zone, and times that are told by their offset', async () => {
  const line = {
    ...entry,
    timeEntryId: '019d2f3a-0000-7000-8000-000000000001',
    date: '2026-06-01',
    ms: 7_200_000,
    roundedMs: null,
    person: 'Ines',
    organization: 'Paws',
    project: 'Calls',
    task: 'Call',
    source: 'timer',
    note: '',
    createdAt: entry.endedAt,
    updatedAt: entry.endedAt,
  } as const;
  expect(await computeHoursCsv([line], new Turns(() => 0))).toContain(
    '2026-06-01T23:00:00+00:00,2026-06-02T01:00:00+00:00,Mars/Olympus_Mons',
  );
  expect(computeReadableMoment(entry.startedAt, zone)).toBe('2026-06-01 23:00:00 (UTC)');
});

test('nothing is said of a deadline in such a zone that needs its clock', () => {
  const deadline = { wall: '2026-06-01T17:00', zone };
  expect(computeDeadlineNotes(deadline, [], [zone, 'UTC'])).toEqual([]);
});
