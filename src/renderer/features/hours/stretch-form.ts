import { Temporal } from 'temporal-polyfill';
import { parseTimeInput } from './parse-time-input.ts';
import { computeWall } from './week.ts';

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

/** A stretch that is there already, with how it was written into the form. */
export interface KnownStretch {
  readonly form: Pick<StretchForm, 'date' | 'start' | 'end'>;
  readonly startedAt: string;
  readonly endedAt: string;
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

/** The form of a stretch that is there already, in wall times of a zone. */
export function createKnownStretch(
  { startedAt, endedAt }: Pick<KnownStretch, 'startedAt' | 'endedAt'>,
  zone: string,
): KnownStretch {
  const start = computeWall(startedAt, zone);
  const form = { date: start.date, start: start.time, end: computeWall(endedAt, zone).time };
  return { form, startedAt, endedAt };
}

const toInstantText = (zoned: Temporal.ZonedDateTime): string =>
  zoned.toInstant().toString({ fractionalSecondDigits: 3 });

/**
 * The instants that wall times in `zone` mean. A time that occurs twice, because clocks go back, is the
 * first one as a start and the first one after the start as an end; a time that is skipped, because they
 * go forward, is as long after the gap. A duration is time that really passes.
 *
 * @param known what is being changed. A wall time that was not touched stays the very moment that it stands for, with its
 * seconds, and in the hour that comes twice.
 */
export function computeStretch(
  typed: StretchForm,
  zone: string,
  known?: KnownStretch,
): StretchResult {
  const input = typed.endsBy === 'duration' ? parseTimeInput(typed.duration) : undefined;
  const form: StretchForm =
    input?.kind === 'range'
      ? { ...typed, start: input.start, end: input.end, endsBy: 'end' }
      : typed;
  if (form.date === '') return { ok: false, field: 'date', problem: 'Choose the day.' };
  if (form.start === '') return { ok: false, field: 'start', problem: 'Say when you began.' };
  const day = Temporal.PlainDate.from(form.date);
  const isStartKnown = form.date === known?.form.date && form.start === known.form.start;
  const startWall = isStartKnown
    ? toZoned(known.startedAt, zone).toPlainDateTime()
    : day.toPlainDateTime(Temporal.PlainTime.from(form.start));
  const start = isStartKnown
    ? toZoned(known.startedAt, zone)
    : startWall.toZonedDateTime(zone, { disambiguation: 'compatible' });
  const isUntouched = isStartKnown && form.endsBy === 'end' && form.end === known.form.end;

  let end: Temporal.ZonedDateTime;
  if (isUntouched) end = toZoned(known.endedAt, zone);
  else if (form.endsBy === 'duration') {
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
    if (known !== undefined && form.end === known.form.end) end = keepMoment(end, start, known);
  }

  const durationMs = end.epochMilliseconds - start.epochMilliseconds;
  const field = typed.endsBy;
  if (durationMs <= 0)
    return { ok: false, field, problem: 'The end must come after the beginning.' };
  if (durationMs > longestMs && !isUntouched)
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

const toZoned = (instant: string, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone);

/** The end that is there already, where it is the same minute by the clock and comes after the start. */
function keepMoment(
  end: Temporal.ZonedDateTime,
  start: Temporal.ZonedDateTime,
  { endedAt }: KnownStretch,
): Temporal.ZonedDateTime {
  const kept = toZoned(endedAt, end.timeZoneId);
  const isSameMinute = kept.toPlainDateTime().round(toMinute).equals(end.toPlainDateTime());
  return isSameMinute && Temporal.ZonedDateTime.compare(kept, start) > 0 ? kept : end;
}

const toMinute = { smallestUnit: 'minute', roundingMode: 'floor' } as const;

/** The wall time did not exist that day: the clocks jumped over it. */
function isSkipped(zoned: Temporal.ZonedDateTime, wall: Temporal.PlainDateTime): boolean {
  return Temporal.PlainDateTime.compare(zoned.toPlainDateTime(), wall) !== 0;
}
