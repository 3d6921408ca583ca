import { VisuallyHidden } from 'react-aria-components';
import { Temporal } from 'temporal-polyfill';
import { formatPlainDate, formatWeekday } from '../../../format/date-time.ts';
import { formatDuration } from '../../../format/duration.ts';
import { cx } from '../../../ui/cx.ts';
import type { DaySum } from './calendar-days.ts';
import styles from './month-grid.module.css';

export interface MonthGridProps {
  /** Whole weeks, so that the first is a Monday. */
  readonly days: readonly DaySum[];
  readonly month: string;
  readonly today: string;
  readonly onOpenWeek: (date: string) => void;
}

const fullDaySeconds = 8 * 3600;

/** A month of days with their sums; a press on one opens its week. */
export function MonthGrid({ days, month, today, onOpenWeek }: MonthGridProps) {
  const weeks = Array.from({ length: Math.ceil(days.length / 7) }, (_, index) =>
    days.slice(index * 7, index * 7 + 7),
  );
  return (
    <table className={styles.month} aria-label="The month by days">
      <thead>
        <tr>
          {weeks[0]?.map(({ date }) => (
            <th key={date} scope="col">
              {formatWeekday(date)}
            </th>
          ))}
          <th scope="col">Week</th>
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]?.date}>
            {week.map((day) => (
              <td
                key={day.date}
                className={cx(
                  styles.day,
                  !day.date.startsWith(month) && styles.other,
                  day.date === today && styles.today,
                )}
              >
                <button type="button" className={styles.open} onClick={() => onOpenWeek(day.date)}>
                  <VisuallyHidden>{formatPlainDate(day.date)}, </VisuallyHidden>
                  <span aria-hidden>{Temporal.PlainDate.from(day.date).day}</span>
                  <Sum day={day} />
                  <VisuallyHidden>: open the week</VisuallyHidden>
                </button>
              </td>
            ))}
            <td className={styles.week}>
              {week.every(({ seconds }) => seconds === 0)
                ? ''
                : formatDuration(week.reduce((sum, { seconds }) => sum + seconds, 0) * 1000)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Sum({ day: { seconds, coveredSeconds } }: { readonly day: DaySum }) {
  if (seconds === 0) return null;
  return (
    <>
      <span className={styles.sum}>{formatDuration(seconds * 1000)}</span>
      {coveredSeconds < seconds ? (
        <span className={styles.overlap}>
          {formatDuration(coveredSeconds * 1000)} without overlaps
        </span>
      ) : null}
      <span
        className={styles.bar}
        style={{ width: `${Math.min(100, (seconds / fullDaySeconds) * 100)}%` }}
      />
    </>
  );
}
