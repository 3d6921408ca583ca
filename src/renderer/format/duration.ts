import { locale } from './locale.ts';

const unitFormat = (unit: 'day' | 'hour' | 'minute' | 'second') =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' });

const days = unitFormat('day');
const hours = unitFormat('hour');
const minutes = unitFormat('minute');
const seconds = unitFormat('second');
const listFormat = new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' });

/**
 * "3h 25m" for worked time (`exact`, to the minute; "8s" below one), or the largest unit alone for an
 * estimate (`coarse`: "2h", "40s").
 */
export function formatDuration(durationMs: number, style: 'exact' | 'coarse' = 'exact'): string {
  if (style === 'coarse') {
    const totalSeconds = Math.max(0, Math.ceil(durationMs / 1000));
    if (totalSeconds < 60) return seconds.format(totalSeconds);
    if (totalSeconds < 3600) return minutes.format(Math.round(totalSeconds / 60));
    if (totalSeconds < 172_800) return hours.format(Math.round(totalSeconds / 3600));
    return days.format(Math.round(totalSeconds / 86_400));
  }
  const wholeSeconds = Math.round(Math.abs(durationMs) / 1000);
  // "0m" would say that nothing was kept.
  if (wholeSeconds > 0 && wholeSeconds < 60)
    return (durationMs < 0 ? '−' : '') + seconds.format(wholeSeconds);
  const totalMinutes = Math.round(Math.abs(durationMs) / 60_000);
  const sign = durationMs < 0 && totalMinutes > 0 ? '−' : '';
  const wholeHours = Math.floor(totalMinutes / 60);
  const restMinutes = totalMinutes % 60;
  if (wholeHours === 0) return sign + minutes.format(restMinutes);
  if (restMinutes === 0) return sign + hours.format(wholeHours);
  return sign + listFormat.format([hours.format(wholeHours), minutes.format(restMinutes)]);
}

/** "1:04:09", for a running timer. */
export function formatClock(durationMs: number): string {
  const total = Math.max(0, Math.floor(durationMs / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(total / 3600)}:${pad(Math.floor(total / 60) % 60)}:${pad(total % 60)}`;
}
