import type { Budget } from '../../../shared/contract/shapes.ts';
import { formatDuration } from '../../format/duration.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { usePages } from '../../ui/use-pages.tsx';
import styles from './budget-lines.module.css';

export interface BudgetLine {
  readonly engagementId: string;
  readonly projectTitle: string;
  readonly budget: Budget;
}

const nearlyUsed = 0.8;
/** They are higher than rows. */
const linesAtOnce = 12;

/** How much of each engagement's agreed hours is used. Overlapping time counts once. */
export function BudgetLines({ lines }: { readonly lines: readonly BudgetLine[] }) {
  const { shown, more } = usePages(lines, { atOnce: linesAtOnce });
  return (
    <>
      <ul className={styles.lines}>
        {shown.map(({ engagementId, projectTitle, budget }) => {
          const budgetMs = budget.budgetMinutes * 60_000;
          const usedMs = budget.coveredSeconds * 1000;
          const share = budgetMs === 0 ? 1 : usedMs / budgetMs;
          return (
            <li key={engagementId}>
              <ProgressBar
                label={projectTitle}
                value={usedMs}
                total={budgetMs}
                amount={`${formatDuration(usedMs)} of ${formatDuration(budgetMs)}`}
                tone={share > 1 ? 'negative' : share >= nearlyUsed ? 'warning' : 'accent'}
                detail={
                  share > 1
                    ? `${formatDuration(usedMs - budgetMs)} over the budget: tell the employer`
                    : `${formatDuration(budgetMs - usedMs)} left`
                }
              />
            </li>
          );
        })}
      </ul>
      {more}
    </>
  );
}
