import { describe, expect, it } from 'vitest';
import { parseDurationMinutes } from '../../../src/renderer/features/hours/parse-time-input.ts';
import {
  computeStretch,
  createKnownStretch,
  formatDurationInput,
  type StretchForm,
} from '../../../src/renderer/features/hours/stretch-form.ts';

const hourMs = 3_600_000;

function fill(form: Partial<StretchForm>): StretchForm {
  return { date: '2026-03-10', start: '09:00', end: '', duration: '', endsBy: 'end', ...form };
}

function getStretch(form: Partial<StretchForm>, zone = 'Europe/Berlin') {
  const result = computeStretch(fill(form), zone);
  if (!result.ok) throw new Error(`${result.field}: ${result.problem}`);
  return result;
}

describe('a duration as typed', () => {
  it.each([
    ['1:30', 90],
    ['0:05', 5],
    ['1h 30m', 90],
    ['1h', 60],
    ['45m', 45],
    ['45 min', 45],
    ['1.5', 90],
    ['1,5', 90],
    ['2', 120],
    [' 2 hours ', 120],
  ])('reads “%s” as %i minutes', (typed, minutes) => {
    expect(parseDurationMinutes(typed)).toBe(minutes);
  });

  it.each(['', 'soon', '1:75', '-1', '1:30:00'])('does not guess at “%s”', (typed) => {
    expect(parseDurationMinutes(typed)).toBeUndefined();
  });

  it('is written as it is read', () => {
    expect(parseDurationMinutes(formatDurationInput(95 * 60_000))).toBe(95);
  });
});

describe('a stretch written by the clock on the wall', () => {
  it('means instants in the zone of this computer', () => {
    expect(getStretch({ end: '10:30' })).toMatchObject({
      startedAt: '2026-03-10T08:00:00.000Z',
      endedAt: '2026-03-10T09:30:00.000Z',
      endsNextDay: false,
      clocksChange: false,
    });
  });

  it('may be given by its duration instead of its end', () => {
    expect(getStretch({ duration: '1:30', endsBy: 'duration' }).endedAt).toBe(
      '2026-03-10T09:30:00.000Z',
    );
  });

  it('ends on the next day when the end lies before the start', () => {
    const stretch = getStretch({ start: '22:00', end: '01:15' });
    expect(stretch.endsNextDay).toBe(true);
    expect(stretch.durationMs).toBe(3.25 * hourMs);
  });

  it('is an hour shorter over the night in which clocks go forward', () => {
    const stretch = getStretch({ date: '2026-03-29', start: '01:00', end: '04:00' });
    expect(stretch.durationMs).toBe(2 * hourMs);
    expect(stretch.clocksChange).toBe(true);
  });

  it('is an hour longer over the night in which clocks go back', () => {
    const stretch = getStretch({ date: '2026-10-25', start: '01:00', end: '04:00' });
    expect(stretch.durationMs).toBe(4 * hourMs);
    expect(stretch.clocksChange).toBe(true);
  });

  it('within the repeated hour lasts as long as the clock says', () => {
    expect(getStretch({ date: '2026-10-25', start: '02:10', end: '02:40' }).durationMs).toBe(
      0.5 * hourMs,
    );
  });

  it('may go from the first to the second time of the repeated hour', () => {
    expect(getStretch({ date: '2026-10-25', start: '02:40', end: '02:10' })).toMatchObject({
      startedAt: '2026-10-25T00:40:00.000Z',
      endedAt: '2026-10-25T01:10:00.000Z',
    });
  });

  it('begins after the gap when its start was skipped, and says so', () => {
    const stretch = getStretch({ date: '2026-03-29', start: '02:30', end: '04:00' });
    expect(stretch.startedAt).toBe('2026-03-29T01:30:00.000Z');
    expect(stretch.clocksChange).toBe(true);
  });

  it('counts a duration as time that really passes', () => {
    expect(
      getStretch({ date: '2026-03-29', start: '01:00', duration: '2:00', endsBy: 'duration' })
        .endedAt,
    ).toBe('2026-03-29T02:00:00.000Z');
  });

  it.each([
    [{ start: '' }, 'start'],
    [{ end: '' }, 'end'],
    [{ end: '09:00' }, 'end'],
    [{ date: '' }, 'date'],
    [{ duration: 'later', endsBy: 'duration' as const }, 'duration'],
    [{ duration: '0:00', endsBy: 'duration' as const }, 'duration'],
    [{ duration: '25:00', endsBy: 'duration' as const }, 'duration'],
  ])('names the field at fault in %j', (form, field) => {
    expect(computeStretch(fill(form), 'Europe/Berlin')).toMatchObject({ ok: false, field });
  });
});

describe('a stretch that is there already', () => {
  const zone = 'Europe/Berlin';

  function change(
    stretch: { readonly startedAt: string; readonly endedAt: string },
    patch: Partial<StretchForm>,
  ) {
    const known = createKnownStretch(stretch, zone);
    return computeStretch({ ...known.form, duration: '', endsBy: 'end', ...patch }, zone, known);
  }

  it('keeps the seconds of the beginning when the end is changed, and of the end when the beginning is', () => {
    const timed = { startedAt: '2026-03-10T08:00:37.000Z', endedAt: '2026-03-10T09:30:12.000Z' };
    expect(change(timed, { end: '11:00' })).toMatchObject({
      startedAt: timed.startedAt,
      endedAt: '2026-03-10T10:00:00.000Z',
    });
    expect(change(timed, { start: '09:15' })).toMatchObject({
      startedAt: '2026-03-10T08:15:00.000Z',
      endedAt: timed.endedAt,
    });
    expect(change(timed, { duration: '0:30', endsBy: 'duration' })).toMatchObject({
      startedAt: timed.startedAt,
      endedAt: '2026-03-10T08:30:37.000Z',
    });
  });

  it('stays in the second of the hours that come twice', () => {
    const later = { startedAt: '2026-10-25T01:30:00.000Z', endedAt: '2026-10-25T03:00:00.000Z' };
    expect(change(later, { end: '04:15' })).toMatchObject({
      startedAt: later.startedAt,
      durationMs: 1.75 * hourMs,
    });
    const across = { startedAt: '2026-10-25T00:15:00.000Z', endedAt: '2026-10-25T01:45:00.000Z' };
    expect(change(across, { start: '02:00' })).toMatchObject({ endedAt: across.endedAt });
  });

  it.each([
    ['under a minute', '2026-03-10T08:00:10.000Z', '2026-03-10T08:00:50.000Z'],
    ['a whole day', '2026-03-10T08:00:00.000Z', '2026-03-11T08:00:00.000Z'],
    ['longer than a day', '2026-03-10T08:00:00.000Z', '2026-03-11T09:00:00.000Z'],
  ])('is as it was while nothing of it is touched: %s', (_name, startedAt, endedAt) => {
    expect(change({ startedAt, endedAt }, {})).toMatchObject({ ok: true, startedAt, endedAt });
  });

  it('ends by the clock once its beginning lies behind its end', () => {
    const known = { startedAt: '2026-03-10T08:00:00.000Z', endedAt: '2026-03-10T09:00:20.000Z' };
    expect(change(known, { start: '11:00' })).toMatchObject({
      endedAt: '2026-03-11T09:00:00.000Z',
      endsNextDay: true,
    });
  });
});
