import { memo, useDeferredValue, useMemo, type ReactNode } from 'react';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { localZone } from '../../format/locale.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { clipToDays, computeDaySums } from './calendar/calendar-days.ts';
import { TaskSums } from './calendar/task-sums.tsx';
import { InQuiet } from '../../ui/later.tsx';
import { HoursChart } from './hours-chart.tsx';
import { computeTotals } from './week.ts';
import { WeekTable } from './week-table.tsx';
import styles from './hours-screen.module.css';

export interface WeekDetailsProps {
  /** Those that touch the week, those of the day before it included. */
  readonly entries: readonly TimeEntry[];
  /** The seven days, in order. */
  readonly dates: readonly string[];
  readonly today: string;
  readonly isThisWeek: boolean;
  /** By engagement. */
  readonly projectTitles: ReadonlyMap<string, string>;
  readonly budgets: ReactNode;
  readonly onEdit: (entry: TimeEntry) => void;
  readonly onDelete: (entry: TimeEntry) => void;
}

/**
 * What stands below the calendar. It follows a moment later and in pieces, so that neither a block that is dropped nor
 * a change of the view has to wait for its many rows: these functions have to stay the same from one render to the
 * next, or nothing is saved.
 */
export const WeekDetails = memo(function WeekDetails(props: WeekDetailsProps) {
  // `undefined` would be no first value at all, and the rows would be drawn at once.
  const shown = useDeferredValue<WeekDetailsProps | null>(props, null);
  return shown === null ? null : <Details {...shown} />;
});

const Details = memo(function Details({
  entries,
  dates,
  today,
  isThisWeek,
  projectTitles,
  budgets,
  onEdit,
  onDelete,
}: WeekDetailsProps) {
  const sums = useMemo(() => computeDaySums(entries, dates, localZone), [entries, dates]);
  const clipped = useMemo(() => clipToDays(entries, dates, localZone), [entries, dates]);
  const inWeek = useMemo(() => {
    const ids = new Set(clipped.map(({ timeEntryId }) => timeEntryId));
    return entries.filter(({ timeEntryId }) => ids.has(timeEntryId));
  }, [entries, clipped]);
  if (clipped.length === 0)
    return (
      <>
        <EmptyState
          title={isThisWeek ? 'Nothing recorded this week' : 'Nothing was recorded that week'}
        >
          Start the timer on a task, draw in the calendar, or add what you worked by hand.
        </EmptyState>
        {budgets}
      </>
    );
  const { total, covered } = computeTotals(sums);
  return (
    <div className={styles.details}>
      <div className={styles.overview}>
        <HoursChart today={today} days={sums} />
        {budgets}
      </div>
      <TaskSums entries={clipped} projectTitles={projectTitles} />
      <InQuiet>
        <WeekTable
          days={sums.filter(({ seconds }) => seconds > 0)}
          entries={inWeek}
          totalSeconds={total}
          coveredSeconds={covered}
          onEdit={onEdit}
          onDelete={onDelete}
        />
      </InQuiet>
    </div>
  );
});
