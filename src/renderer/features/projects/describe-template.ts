import { formatPlural } from '../../format/numbers.ts';
import { describeMinutes } from './describe-project.ts';
import type { TemplateDraft } from './project-form-values.ts';

/** "Due after 5 days, 17:00 · 3 h · 2 criteria" */
export function describeTemplate({
  dueDays,
  dueTime,
  estimateMinutes,
  criteria,
}: TemplateDraft): string {
  return [
    dueDays === 0
      ? `Due on the first day, ${dueTime}`
      : `Due ${formatPlural(dueDays, 'day', 'days')} after the start, ${dueTime}`,
    ...(estimateMinutes === null ? [] : [describeMinutes(estimateMinutes)]),
    formatPlural(criteria.length, 'criterion', 'criteria'),
  ].join(' · ');
}
