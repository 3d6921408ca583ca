import { locale } from './locale.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const units = [
  { unit: 'year', sizeMs: 365.25 * dayMs, fromMs: 700 * dayMs },
  { unit: 'day', sizeMs: dayMs, fromMs: 2 * dayMs },
  { unit: 'hour', sizeMs: hourMs, fromMs: 100 * minuteMs },
  { unit: 'minute', sizeMs: minuteMs, fromMs: 0 },
] as const;

/** "3 hours", "16 years": how far two clocks are apart, in the one unit in which people would say it. */
export function formatClockDifference(differenceMs: number): string {
  const size = Math.abs(differenceMs);
  const { unit, sizeMs } = units.find(({ fromMs }) => size >= fromMs) ?? units[3];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 0,
  }).format(Math.round(size / sizeMs));
}

/** "3 hours ahead of", "10 minutes behind": how a device's clock stands to the server's. */
export function formatClockPosition(differenceMs: number): string {
  return `${formatClockDifference(differenceMs)} ${differenceMs > 0 ? 'ahead of' : 'behind'}`;
}
