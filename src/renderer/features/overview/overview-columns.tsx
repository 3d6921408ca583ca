import { Link } from 'wouter';
import type { OverviewRow } from '../../../shared/contract/overview-requests.ts';
import { formatDate, formatRelative } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatPercent } from '../../format/numbers.ts';
import { engagementPath, projectPath } from '../../routes.ts';
import { Badge } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import type { DataColumn } from '../../ui/data-table.tsx';
import { Muted } from '../../ui/stack.tsx';
import { describeWaiting } from './describe-waiting.ts';
import styles from './overview-screen.module.css';

export type OverviewEntry = OverviewRow & { readonly id: string };

const computeUse = ({ budget }: OverviewRow): number =>
  budget.workedSeconds / Math.max(1, budget.budgetMinutes * 60);
const computeOnTime = ({ onTimeCount, judgedCount }: OverviewRow): number =>
  judgedCount === 0 ? 2 : onTimeCount / judgedCount;
/** The employer's turns first, then the interns', each by age. */
const computeWaitingOrder = ({ waiting }: OverviewRow): string =>
  waiting === null ? '2' : `${waiting.forWhom === 'employer' ? '0' : '1'}${waiting.since}`;

const compareText = (left: string, right: string): number =>
  left < right ? -1 : left > right ? 1 : 0;

export const overviewColumns: readonly DataColumn<OverviewEntry>[] = [
  {
    id: 'who',
    label: 'Intern',
    isRowHeader: true,
    compare: (a, b) => a.internName.localeCompare(b.internName),
    render: (row) => (
      <span className={styles.stack}>
        <Link href={engagementPath(row.engagementId)} className={styles.link}>
          {row.internName}
        </Link>
        {row.status === 'active' ? null : (
          <span>
            <Badge>{row.status}</Badge>
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'project',
    label: 'Project',
    compare: (a, b) => a.projectTitle.localeCompare(b.projectTitle),
    render: (row) => (
      <Link href={projectPath(row.projectId)} className={styles.quietLink}>
        {row.projectTitle}
      </Link>
    ),
  },
  {
    id: 'waiting',
    label: 'Waiting',
    compare: (a, b) => compareText(computeWaitingOrder(a), computeWaitingOrder(b)),
    render: ({ waiting, internName }) =>
      waiting === null ? (
        <Muted>nobody waits</Muted>
      ) : (
        <span className={styles.stack}>
          <span>
            {waiting.forWhom === 'employer' ? (
              <Badge tone="accent">you</Badge>
            ) : (
              <Muted>{internName}</Muted>
            )}{' '}
            {describeWaiting(waiting)}
          </span>
          <Muted>
            <time dateTime={waiting.since}>{formatRelative(waiting.since)}</time>
          </Muted>
        </span>
      ),
  },
  {
    id: 'tasks',
    label: 'Tasks',
    align: 'end',
    compare: (a, b) => a.acceptedCount - a.taskCount - (b.acceptedCount - b.taskCount),
    render: (row) => (
      <span className={styles.stackEnd}>
        <span>
          {row.acceptedCount} of {row.taskCount}
        </span>
        {row.overdueCount === 0 ? null : <Badge tone="negative">{row.overdueCount} overdue</Badge>}
      </span>
    ),
  },
  {
    id: 'due',
    label: 'Next due',
    align: 'end',
    compare: (a, b) => compareText(a.nextDue ?? '9', b.nextDue ?? '9'),
    render: ({ nextDue }) =>
      nextDue === null ? (
        <Muted>–</Muted>
      ) : (
        <time dateTime={nextDue} className={styles.date}>
          {formatDate(nextDue)}
        </time>
      ),
  },
  {
    id: 'onTime',
    label: 'On time',
    align: 'end',
    compare: (a, b) => computeOnTime(a) - computeOnTime(b),
    render: ({ onTimeCount, judgedCount }) =>
      judgedCount === 0 ? (
        <Muted>–</Muted>
      ) : (
        <span className={styles.stackEnd}>
          <span>{formatPercent(onTimeCount / judgedCount)}</span>
          <Muted>
            {onTimeCount} of {judgedCount}
          </Muted>
        </span>
      ),
  },
  {
    id: 'hours',
    label: 'Hours',
    compare: (a, b) => computeUse(a) - computeUse(b),
    render: (row) => <HoursMeter row={row} />,
  },
];

/** The same in numbers and as a line; what goes over the budget is said by its colour and in words. */
function HoursMeter({ row }: { readonly row: OverviewRow }) {
  const use = computeUse(row);
  const { workedSeconds, budgetMinutes } = row.budget;
  return (
    <span className={styles.hours}>
      <span>
        {formatDuration(workedSeconds * 1000)}{' '}
        <Muted>of {formatDuration(budgetMinutes * 60_000)}</Muted>
      </span>
      <span className={cx(styles.track, use > 1 && styles.over)} aria-hidden>
        <span style={{ inlineSize: `${Math.min(100, use * 100)}%` }} />
      </span>
      {use > 1 ? <Muted>over the budget</Muted> : null}
    </span>
  );
}
