import { locale } from './locale.ts';

const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Rounded down, so that 100 % is said only when it is true. */
export function formatPercent(fraction: number): string {
  return percent.format(Math.floor(Math.min(Math.max(fraction, 0), 1) * 100) / 100);
}

export function formatCount(count: number): string {
  return integer.format(count);
}

/** Decimal units, as the file systems of desktops show them. */
export function formatBytes(sizeBytes: number): string {
  let value = Math.max(sizeBytes, 0);
  let unit: (typeof byteUnits)[number] = 'byte';
  for (const next of byteUnits.slice(1)) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    // In English "short" writes "31 byte".
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: unit === 'byte' || value >= 100 ? 0 : 1,
  }).format(value);
}

/** `count` with its noun: "1 change", "14 changes". */
export function formatPlural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
