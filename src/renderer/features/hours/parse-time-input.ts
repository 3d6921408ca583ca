import { Temporal } from 'temporal-polyfill';

/** What a person may write for a stretch of work, in a single field. */
export type TimeInput =
  | { readonly kind: 'duration'; readonly minutes: number }
  /** Wall times, `HH:MM`; an end before the start means the next day. */
  | { readonly kind: 'range'; readonly start: string; readonly end: string }
  | { readonly kind: 'problem'; readonly message: string };

export const timeInputExamples = '1:30, 90m, 1.5h, 1h 30 or 14-15:30';

const clockPattern = /^(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|uhr)?$/u;

/**
 * Minutes of "1:30", "1h 30m", "1h 30", "90m", "1.5h", "1.5" or "1,5" (hours); undefined where it is none of these.
 */
export function parseDurationMinutes(typed: string): number | undefined {
  const text = typed.trim().toLowerCase();
  const clock = /^(\d{1,3}):([0-5]?\d)$/u.exec(text);
  if (clock !== null) return Number(clock[1]) * 60 + Number(clock[2]);
  const units =
    /^(?:(\d+(?:[.,]\d+)?)\s*h(?:ours?|rs?)?)?\s*(?:(\d+)\s*m(?:in(?:utes?|s)?)?)?$/u.exec(text);
  if (units !== null && (units[1] !== undefined || units[2] !== undefined))
    return Math.round(computeNumber(units[1] ?? '0') * 60) + Number(units[2] ?? '0');
  const shortened = /^(\d+)\s*h\s*([0-5]?\d)$/u.exec(text);
  if (shortened !== null) return Number(shortened[1]) * 60 + Number(shortened[2]);
  return /^\d+(?:[.,]\d+)?$/u.test(text) ? Math.round(computeNumber(text) * 60) : undefined;
}

const computeNumber = (text: string): number => Number(text.replace(',', '.'));

/** Reads a duration or a stretch from one time to another ("14-15:30", "14:00–15:30", "2pm to 3:30pm"). */
export function parseTimeInput(typed: string): TimeInput {
  const text = typed.trim().toLowerCase();
  if (text === '')
    return {
      kind: 'problem',
      message: `Write how long, or from when to when: ${timeInputExamples}.`,
    };
  const minutes = parseDurationMinutes(text);
  if (minutes !== undefined)
    return minutes < 1
      ? { kind: 'problem', message: 'At least one minute.' }
      : { kind: 'duration', minutes };
  const [first, second, ...rest] = text.split(/\s*(?:-|–|—|\bto\b|\bbis\b)\s*/u);
  if (first === undefined || second === undefined || rest.length > 0)
    return {
      kind: 'problem',
      message: `“${typed.trim()}” is not a time: write it like ${timeInputExamples}.`,
    };
  const end = parseClock(second);
  // "2-3:30pm" is in the afternoon from its beginning.
  const half = /[ap]\.?m/u.exec(second)?.[0];
  const start =
    parseClock(first) === undefined || half === undefined || /[ap]\.?m/u.test(first)
      ? parseClock(first)
      : (parseClock(`${first}${half.startsWith('p') ? 'pm' : 'am'}`) ?? parseClock(first));
  if (start === undefined || end === undefined)
    return {
      kind: 'problem',
      message: `“${start === undefined ? first : second}” is not a time of the day: write it like 14 or 14:30.`,
    };
  return { kind: 'range', start, end };
}

/** `HH:MM` of "14", "9:30", "14.30", "2pm"; undefined where it is no time of the day. */
function parseClock(text: string): string | undefined {
  const found = clockPattern.exec(text.trim());
  if (found === null) return undefined;
  let hour = Number(found[1]);
  const minute = Number(found[2] ?? '0');
  const half = found[3]?.charAt(0);
  if (half === 'a' || half === 'p') {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half === 'p' ? 12 : 0);
  }
  if (hour === 24 && minute === 0) hour = 0;
  if (hour > 23 || minute > 59) return undefined;
  return Temporal.PlainTime.from({ hour, minute }).toString({ smallestUnit: 'minute' });
}
