import { memo, useMemo, type ReactNode } from 'react';
import { ArrowRight, CircleCheck, Play } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { TaskItem } from '../../../shared/contract/shapes.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatDate } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { localZone } from '../../format/locale.ts';
import { formatPlural } from '../../format/numbers.ts';
import { useSeat } from '../../frame/seat.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { useNowMs } from '../../frame/timer-pill.tsx';
import { useTimer } from '../../frame/use-timer.ts';
import { taskPath } from '../../routes.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { itemsAtOnce, usePages } from '../../ui/use-pages.tsx';
import { OpenAmendments } from '../agreement/open-amendments.tsx';
import { BudgetLines } from '../hours/budget-lines.tsx';
import { computeMonday, computeWall, getToday } from '../hours/week.ts';
import { DuePhrase, useMinuteNowMs } from '../tasks/due-phrase.tsx';
import { SyncSign } from '../tasks/sync-sign.tsx';
import { describeNews, isOpenForWork, StateIcon } from '../tasks/task-state.tsx';
import { computeNextStep, type NextStep } from './next-step.ts';
import styles from './today-screen.module.css';

type Day = RequestOutput<'today.get'>;

/** The intern's day. */
export function TodayScreen() {
  const { scopeSeatId } = useSeat();
  const nowMs = useMinuteNowMs();
  const day = useRequest('today.get', scopeSeatId === undefined ? {} : { seatId: scopeSeatId });
  return (
    <Page title="Today" actions={<span className={styles.date}>{formatDate(nowMs)}</span>}>
      <EndedAccess />
      <Proposals />
      {day.isError ? (
        <ErrorNotice error={day.error} onRetry={() => void day.refetch()} />
      ) : day.isPending ? (
        <Skeleton lines={6} label="Looking at the day" />
      ) : (
        <DayView day={day.data} nowMs={nowMs} />
      )}
    </Page>
  );
}

/** Organizations whose work has left this person's sight: why there is less here than yesterday. */
function EndedAccess() {
  const { seats, scopeSeatId } = useSeat();
  const status = useRequest('sync.status', {});
  const ended = (status.data?.seats ?? []).filter(
    ({ seatId, accessEndedAt }) =>
      accessEndedAt !== null && (scopeSeatId === undefined || scopeSeatId === seatId),
  );
  return ended.map(({ seatId }) => (
    <Notice
      key={seatId}
      tone="warning"
      title={`Your access to ${seats.find((seat) => seat.seatId === seatId)?.organizationName ?? ''} has ended`}
      action={<Link href="/waiting">What is kept</Link>}
    >
      Its tasks are not here any more. What you had not sent is safe.
    </Notice>
  ));
}

/** What employers would like to agree on otherwise. */
function Proposals() {
  const { seats, scopeSeatId } = useSeat();
  return seats
    .filter(
      ({ seatId, role }) =>
        role === 'intern' && (scopeSeatId === undefined || scopeSeatId === seatId),
    )
    .map(({ seatId }) => <OpenAmendments key={seatId} seatId={seatId} />);
}

function DayView({ day, nowMs }: { readonly day: Day; readonly nowMs: number }) {
  const { due, cameBack, waiting, counts } = day;
  const hasWork = due.length > 0 || cameBack.length > 0;
  const returnedIds = new Set(cameBack.map(({ taskId }) => taskId));
  const onlyDue = due.filter(({ taskId }) => !returnedIds.has(taskId));
  // What lies below the rows of the groups before cannot be seen yet.
  const leftForDue = Math.max(0, itemsAtOnce - cameBack.length);
  const leftForWaiting = Math.max(0, leftForDue - onlyDue.length);
  return (
    <div className={styles.columns}>
      <Next day={day} nowMs={nowMs} />
      <DayHours day={day} />
      <div className={styles.tasks}>
        <TaskGroup title="Changes requested" items={cameBack} count={counts.cameBack} />
        <TaskGroup title="Due" items={onlyDue} count={counts.due} atOnce={leftForDue} />
        <TaskGroup
          title="Waiting for review"
          items={waiting}
          count={counts.waiting}
          atOnce={leftForWaiting}
        />
        {hasWork ? null : <AllDone isWaiting={waiting.length > 0} />}
      </div>
    </div>
  );
}

/** What the timer has run, for the day and the week that it began in: it is recorded when it stops. */
function useRunningSeconds(): { readonly today: number; readonly thisWeek: number } {
  const { scopeSeatId } = useSeat();
  const timer = useRequest('timer.get', {});
  const running = timer.data ?? null;
  const isCounted =
    running !== null && (scopeSeatId === undefined || scopeSeatId === running.seatId);
  const nowMs = useNowMs(isCounted);
  if (!isCounted) return { today: 0, thisWeek: 0 };
  const seconds =
    running.elapsedSeconds + Math.max(0, Math.floor((nowMs - timer.dataUpdatedAt) / 1000));
  const today = getToday(localZone);
  const { date } = computeWall(running.startedAt, localZone);
  return {
    today: date === today ? seconds : 0,
    thisWeek: computeMonday(date) === computeMonday(today) ? seconds : 0,
  };
}

/** The hours of the day and the week, against what was agreed. */
function DayHours({ day }: { readonly day: Day }) {
  const { secondsToday, secondsThisWeek, engagements } = day;
  const active = engagements.filter(({ status }) => status === 'active');
  const running = useRunningSeconds();
  return (
    <aside className={styles.hours} aria-label="Hours">
      <section className={styles.group}>
        <header className={styles.groupHeader}>
          <h2 className={styles.groupTitle}>Hours</h2>
          <Link href="/hours" className={styles.more}>
            All hours
          </Link>
        </header>
        <dl className={styles.numbers}>
          <div>
            <dt>Today</dt>
            <dd>{formatDuration((secondsToday + running.today) * 1000)}</dd>
          </div>
          <div>
            <dt>This week</dt>
            <dd>{formatDuration((secondsThisWeek + running.thisWeek) * 1000)}</dd>
          </div>
        </dl>
      </section>
      {active.length === 0 ? null : (
        <section className={styles.group}>
          <header className={styles.groupHeader}>
            <h2 className={styles.groupTitle}>{active.length === 1 ? 'Budget' : 'Budgets'}</h2>
          </header>
          <BudgetLines lines={active} />
        </section>
      )}
    </aside>
  );
}

const leads: Record<NextStep['kind'], string> = {
  running: 'You are working on',
  overdue: 'Overdue: finish this first',
  changes: 'Next: answer the changes requested',
  continue: 'Next: go on with',
  begin: 'Next: begin with',
};

/** One obvious next thing to do, and the keys to do it. */
function Next({ day, nowMs }: { readonly day: Day; readonly nowMs: number }) {
  const { internSeats } = useSeat();
  const [, navigate] = useLocation();
  const seatIds = useMemo(() => internSeats.map(({ seatId }) => seatId), [internSeats]);
  const { running, start } = useTimer(seatIds);
  const step = computeNextStep(day, running, nowMs);
  const open = () => {
    if (step !== undefined) navigate(taskPath(step.item.seatId, step.item.taskId));
  };
  useShortcut(
    { keys: ['O'], label: 'Open the next task', group: 'Today' },
    open,
    step !== undefined,
  );
  if (step === undefined) return null;
  const { item, kind } = step;
  return (
    <section className={styles.next} aria-label="Next">
      <div className={styles.nextText}>
        <p className={styles.lead}>{leads[kind]}</p>
        <h2 className={styles.nextTitle}>
          <bdi>{item.title}</bdi>
        </h2>
        <p className={cx(styles.quiet, styles.nextFacts)}>
          <span>{item.organizationName}</span>
          <span>
            due <DuePhrase due={item.due} isOpen />
          </span>
        </p>
      </div>
      <div className={styles.nextActions}>
        {kind === 'running' ? null : (
          <Button icon={<Play />} onPress={() => start(item.seatId, item.taskId)}>
            Start the timer
          </Button>
        )}
        <Button variant="primary" icon={<ArrowRight />} keys={['O']} onPress={open}>
          Open the task
        </Button>
      </div>
    </section>
  );
}

const acceptedShown = 5;

/** Nothing is left to do: what comes next, and what was achieved. */
function AllDone({ isWaiting }: { readonly isWaiting: boolean }) {
  const { scopeSeatId } = useSeat();
  const accepted = {
    ...(scopeSeatId === undefined ? {} : { seatId: scopeSeatId }),
    states: ['accepted' as const],
  };
  const count = useRequest('tasks.list', { ...accepted, limit: 1 });
  const total = count.data?.total;
  // The list begins with the oldest deadline: the latest ones are its last page.
  const latest = useRequest(
    'tasks.list',
    total === undefined || total === 0
      ? undefined
      : { ...accepted, offset: Math.max(0, total - acceptedShown), limit: acceptedShown },
  );
  if (total === undefined) return null;
  return (
    <>
      {isWaiting ? (
        <p className={styles.quiet}>
          You have handed in everything. The employer’s answers appear here by themselves.
        </p>
      ) : (
        <EmptyState
          title={
            total === 0 ? 'Nothing is assigned to you right now' : 'All done, and all accepted'
          }
          {...(total === 0 ? {} : { icon: <CircleCheck /> })}
        >
          {total === 0
            ? 'When an employer assigns a task, it appears here by itself, with everything you need to work on it without a connection.'
            : 'Well done. The next task appears here by itself when an employer assigns one.'}
        </EmptyState>
      )}
      <TaskGroup title="Accepted" items={latest.data?.items.toReversed() ?? []} count={total} />
    </>
  );
}

interface TaskGroupProps {
  readonly title: string;
  readonly items: readonly TaskItem[];
  /** How many there are, where only some are shown. */
  readonly count?: number;
  /** How many of them can be seen at first. */
  readonly atOnce?: number;
}

/** Left out where there is nothing in it. */
function TaskGroup({
  title,
  items,
  count = items.length,
  atOnce = itemsAtOnce,
}: TaskGroupProps): ReactNode {
  const { shown, more } = usePages(items, { total: count, atOnce });
  if (items.length === 0) return null;
  return (
    <section className={styles.group}>
      <header className={styles.groupHeader}>
        <h2 className={styles.groupTitle}>{title}</h2>
        <span className={styles.quiet}>{formatPlural(count, 'task', 'tasks')}</span>
      </header>
      <ul className={styles.list}>
        {shown.map((item) => (
          <li key={`${item.seatId}/${item.taskId}`}>
            <DayTask item={item} />
          </li>
        ))}
      </ul>
      {more}
      {more === null && count > items.length ? (
        <p>
          <Link href="/tasks">All tasks</Link>
        </p>
      ) : null}
    </section>
  );
}

const DayTask = memo(function DayTask({ item }: { readonly item: TaskItem }) {
  const isOpen = isOpenForWork(item);
  const worked = item.workedSeconds === 0 ? '' : formatDuration(item.workedSeconds * 1000);
  const estimate =
    item.estimateMinutes === null ? '' : formatDuration(item.estimateMinutes * 60_000);
  return (
    <Link href={taskPath(item.seatId, item.taskId)} className={styles.task}>
      <StateIcon state={item.state} />
      <span className={styles.taskText}>
        <span className={styles.taskTitle}>
          {item.title}
          {item.hasUnseenBrief ? (
            <span className={styles.changed}> {describeNews(item)}</span>
          ) : null}
        </span>
        <span className={styles.taskFacts}>
          <span>{item.organizationName}</span>
          <DuePhrase due={item.due} isOpen={isOpen} />
        </span>
      </span>
      <span className={styles.worked}>
        {worked !== '' && estimate !== ''
          ? `${worked} of ${estimate}`
          : worked || (estimate === '' ? '' : `about ${estimate}`)}
      </span>
      <SyncSign mark={item.mark} />
    </Link>
  );
});
