import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { formatDays } from '../../format/date-time.ts';
import { joinNames } from '../../../shared/domain/isolate.ts';

export type QuarantineItem = RequestOutput<'quarantine.list'>[number];

/** In one line: who, what, and of which task, or of which project and days. */
export function describeHeldWork({
  personName,
  label,
  taskTitle,
  projectTitle,
  period,
}: QuarantineItem): string {
  const parts = [
    personName,
    label,
    taskTitle === '' ? projectTitle : taskTitle,
    period === null ? '' : formatDays(period.startsOn, period.endsOn),
  ];
  return joinNames(...parts.filter((part) => part !== ''));
}
