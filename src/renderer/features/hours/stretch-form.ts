import { Temporal } from 'temporal-polyfill';
import { parseTimeInput } from './parse-time-input.ts';

/** A stretch of work as a person writes it, by the clock on the wall. */
export interface StretchForm {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** `HH:MM`, or empty */
  readonly start: string;
  /** `HH:MM`, or empty. Before the start it means the next day. */
  readonly end: string;
  /** As typed, for example "1:30"; "14-15:30" says the beginning as well. */
  readonly duration: string;
  /** Which of the last two was written last; the other follows from it. */
  readonly endsBy: 'end' | 'duration';
}

export type StretchField = 'date' | 'start' | 'end' | 'duration';

export type StretchResult =
  | {
      readonly ok: true;
      readonly startedAt: string;
      readonly endedAt: string;
      readonly durationMs: number;
      /** The end lies on the day after the date. */
      readonly endsNextDay: boolean;
      /** Clocks were changed in between, so that the wall times alone do not tell the duration. */
      readonly clocksChange: boolean;
    }
  | { readonly ok: false; readonly field: StretchField; readonly problem: string };

const minuteMs = 60_000;
const longestMs = 24 * 60 * minuteMs;

/** "1:30", as `parseDurationMinutes` reads it back. */
export function formatDurationInput(durationMs: number): string {
  const minutes = Math.round(durationMs / minuteMs);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

const toInstantText = (zoned: Temporal.ZonedDateTime): string =>
  zoned.toInstant().toString({ fractionalSecondDigits: 3 });

/**
 * The instants that wall times in `zone` mean. A time that occurs twice, because clocks go back, is the
 * first one as a start and the first one after the start as an end; a time that is skipped, because they
 * go forward, is as long after the gap. A duration is time that really passes.
 */
export function computeStretch(typed: StretchForm, zone: string): StretchResult {
  const input = typed.endsBy === 'duration' ? parseTimeInput(typed.duration) : undefined;
  const form: StretchForm =
    input?.kind === 'range'
      ? { ...typed, start: input.start, end: input.end, endsBy: 'end' }
      : typed;
  if (form.date === '') return { ok: false, field: 'date', problem: 'Choose the day.' };
  if (form.start === '') return { ok: false, field: 'start', problem: 'Say when you began.' };
  const day = Temporal.PlainDate.from(form.date);
  const startWall = day.toPlainDateTime(Temporal.PlainTime.from(form.start));
  const start = startWall.toZonedDateTime(zone, { disambiguation: 'compatible' });

  let end: Temporal.ZonedDateTime;
  if (form.endsBy === 'duration') {
    if (input?.kind !== 'duration')
      return {
        ok: false,
        field: 'duration',
        problem: input?.kind === 'problem' ? input.message : '',
      };
    end = start.add({ minutes: input.minutes });
  } else {
    if (form.end === '') return { ok: false, field: 'end', problem: 'Say when you stopped.' };
    const endWall = day.toPlainDateTime(Temporal.PlainTime.from(form.end));
    const candidates = [
      endWall.toZonedDateTime(zone, { disambiguation: 'earlier' }),
      endWall.toZonedDateTime(zone, { disambiguation: 'later' }),
      endWall.add({ days: 1 }).toZonedDateTime(zone, { disambiguation: 'compatible' }),
    ];
    const isRepeated = form.end !== form.start;
    end =
      candidates.find((each) => isRepeated && Temporal.ZonedDateTime.compare(each, start) > 0) ??
      start;
  }

  const durationMs = end.epochMilliseconds - start.epochMilliseconds;
  const field = typed.endsBy;
  if (durationMs <= 0)
    return { ok: false, field, problem: 'The end must come after the beginning.' };
  if (durationMs > longestMs)
    return { ok: false, field, problem: 'Longer than a day: add one stretch for each day.' };
  return {
    ok: true,
    startedAt: toInstantText(start),
    endedAt: toInstantText(end),
    durationMs,
    endsNextDay: Temporal.PlainDate.compare(end.toPlainDate(), day) > 0,
    clocksChange: start.offsetNanoseconds !== end.offsetNanoseconds || isSkipped(start, startWall),
  };
}

/** The wall time did not exist that day: the clocks jumped over it. */
function isSkipped(zoned: Temporal.ZonedDateTime, wall: Temporal.PlainDateTime): boolean {
  return Temporal.PlainDateTime.compare(zoned.toPlainDateTime(), wall) !== 0;
}
