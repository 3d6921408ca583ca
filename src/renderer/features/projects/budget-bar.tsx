import type { Budget } from '../../../shared/contract/shapes.ts';
import { formatDuration } from '../../format/duration.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';

/** Hours worked against the hours agreed. */
export function BudgetBar({ budget, label = 'Hours' }: { budget: Budget; label?: string }) {
  const workedMs = budget.workedSeconds * 1000;
  const budgetMs = budget.budgetMinutes * 60_000;
  const overMs = workedMs - budgetMs;
  const doubleMs = (budget.workedSeconds - budget.coveredSeconds) * 1000;
  const details = [
    overMs > 0 ? `${formatDuration(overMs)} over the budget` : '',
    doubleMs >= 60_000 ? `${formatDuration(doubleMs)} of it overlap` : '',
  ].filter((text) => text !== '');
  return (
    <ProgressBar
      label={label}
      value={budget.workedSeconds}
      total={budget.budgetMinutes * 60}
      amount={`${formatDuration(workedMs)} of ${formatDuration(budgetMs)}`}
      tone={overMs > 0 ? 'negative' : workedMs > budgetMs * 0.85 ? 'warning' : 'accent'}
      {...(details.length === 0 ? {} : { detail: details.join(', ') })}
    />
  );
}
