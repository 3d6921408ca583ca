import { Temporal } from 'temporal-polyfill';
import type { Pay } from '../../../../shared/domain/fields.ts';
import { computeKnownZone } from '../../../../shared/domain/known-zone.ts';
import type { VerdictRule } from '../../../../shared/domain/verdict.ts';

/** How values read in the report and the texts of a bundle. The same on every machine: no locale is asked. */

export function computeReadableMoment(instant: string, zone: string): string {
  const shown = computeKnownZone(zone);
  const moment = Temporal.Instant.from(instant).toZonedDateTimeISO(shown);
  return `${moment.toPlainDate().toString()} ${moment.toPlainTime().toString({ smallestUnit: 'second' })} (${shown})`;
}

export function computeReadableWall(wall: string, zone: string): string {
  return `${wall.replace('T', ' ')} (${zone})`;
}

export function computeReadableDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  const parts = [
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
    rest > 0 ? `${rest} s` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** A number with its noun: "1 day", "3 days". */
export function computeReadableCount(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function computeReadablePay(pay: Pay): string {
  if (pay.kind === 'unpaid') return 'unpaid';
  // ISO 4217 gives each currency its number of decimals; the runtime's data knows them.
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: pay.currency,
  }).resolvedOptions();
  return `${(pay.amountMinor / 10 ** digits).toFixed(digits)} ${pay.currency}`;
}

export function computeReadableSize(sizeBytes: number): string {
  if (sizeBytes < 1000) return computeReadableCount(sizeBytes, 'byte', 'bytes');
  if (sizeBytes < 1_000_000) return `${(sizeBytes / 1000).toFixed(1)} kB`;
  if (sizeBytes < 1_000_000_000) return `${(sizeBytes / 1_000_000).toFixed(1)} MB`;
  return `${(sizeBytes / 1_000_000_000).toFixed(2)} GB`;
}

export const readableStates = {
  to_do: 'to do',
  in_progress: 'in progress',
  submitted: 'submitted',
  changes_requested: 'changes requested',
  accepted: 'accepted',
  cancelled: 'cancelled',
} as const;

export const readableDecisions = {
  accepted: 'accepted',
  changes_requested: 'changes requested',
} as const;

export const readableVerdicts = {
  on_time: 'on time: received before the deadline',
  on_time_by_device_clock:
    "on time by the intern's clock, synchronised later within the time allowed",
  late: 'late',
  clock_inconsistent: 'the clocks contradict each other, and the employer decides',
} as const;

export const readableDecidedVerdicts = {
  on_time: 'counts as on time',
  late: 'counts as late',
} as const;

/** SY-18: why the clocks contradict each other, for the rules that say so. */
export const readableContradictions: Partial<Record<VerdictRule, string>> = {
  claimed_before_anchor: "the intern's clock is earlier than it can have been by the server's time",
  elapsed_impossible: 'more time was counted since the server last stated its time than there was',
  clock_was_behind:
    "the intern's clock was behind the server's, and set right it is past the deadline",
  claimed_after_receipt: "the intern's clock is later than the time of receipt",
};

export const readableMarks = {
  brief_changed: 'the brief had changed',
  task_cancelled: 'the task had been cancelled',
  engagement_ended: 'the engagement had ended',
  project_closed: 'the project had been closed',
  deadline_moved_unseen: 'the deadline had been moved, which the intern could not see',
  resent_after_restore:
    'the server had lost it, and got it again from the device without a receipt',
} as const;

export const readableReasons = {
  not_on_the_server_yet: 'it is not on the server yet',
  could_not_be_fetched: 'it could not be fetched',
} as const;
