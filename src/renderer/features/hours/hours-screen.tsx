import { useState } from 'react';
import { ChevronLeft, ChevronRight, Plus } from 'lucide-react';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatPlainDate } from '../../format/date-time.ts';
import { localZone } from '../../format/locale.ts';
import { useSeat } from '../../frame/seat.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toast.tsx';
import { BudgetLines, type BudgetLine } from './budget-lines.tsx';
import { EntryDialog } from './entry-dialog.tsx';
import { HoursChart } from './hours-chart.tsx';
import { WeekTable } from './week-table.tsx';
import { addWeeks, computeMonday, getToday, listWeekDates } from './week.ts';
import styles from './hours-screen.module.css';

/** What the dialog is open for. */
type Editing = { readonly entry: TimeEntry | undefined };

/** One week of recorded time. */
export function HoursScreen() {
  const { scopeSeatId } = useSeat();
  const today = getToday(localZone);
  const thisMonday = computeMonday(today);
  const [monday, setMonday] = useState(thisMonday);
  const [editing, setEditing] = useState<Editing>();
  const dates = listWeekDates(monday);
  const from = dates[0] ?? monday;
  const to = dates.at(-1) ?? monday;
  const hours = useRequest(
    'hours.list',
    { ...(scopeSeatId === undefined ? {} : { seatId: scopeSeatId }), from, to },
    { keepsPrevious: true },
  );
  const remove = useDelete();
  const isThisWeek = monday === thisMonday;

  useShortcut({ keys: ['A'], label: 'Add time by hand', group: 'Hours' }, () =>
    setEditing({ entry: undefined }),
  );
  useShortcut({ keys: ['['], label: 'The week before', group: 'Hours' }, () =>
    setMonday(addWeeks(monday, -1)),
  );
  useShortcut({ keys: [']'], label: 'The week after', group: 'Hours' }, () =>
    setMonday(addWeeks(monday, 1)),
  );
  useShortcut({ keys: ['T'], label: 'This week', group: 'Hours' }, () => setMonday(thisMonday));

  return (
    <Page
      title="Hours"
      actions={
        <Button
          variant="primary"
          icon={<Plus />}
          keys={['A']}
          onPress={() => setEditing({ entry: undefined })}
        >
          Add time
        </Button>
      }
    >
      <div className={styles.week}>
        <IconButton
          label="The week before"
          icon={<ChevronLeft />}
          keys={['[']}
          onPress={() => setMonday(addWeeks(monday, -1))}
        />
        <h2 className={styles.range} aria-live="polite">
          {formatPlainDate(from)} – {formatPlainDate(to)}
        </h2>
        <IconButton
          label="The week after"
          icon={<ChevronRight />}
          keys={[']']}
          onPress={() => setMonday(addWeeks(monday, 1))}
        />
        {isThisWeek ? (
          <span className={styles.now}>this week</span>
        ) : (
          <Button size="small" variant="quiet" keys={['T']} onPress={() => setMonday(thisMonday)}>
            This week
          </Button>
        )}
        {hours.data === undefined ? null : (
          <span className={styles.sum}>{formatDuration(hours.data.totalSeconds * 1000)}</span>
        )}
      </div>
      {hours.isError ? (
        <ErrorNotice error={hours.error} onRetry={() => void hours.refetch()} />
      ) : hours.isPending ? (
        <Skeleton lines={6} label="Adding up the week" />
      ) : hours.data.entries.length === 0 ? (
        <EmptyState
          title={isThisWeek ? 'Nothing recorded this week' : 'Nothing was recorded that week'}
          action={
            <Button icon={<Plus />} onPress={() => setEditing({ entry: undefined })}>
              Add time by hand
            </Button>
          }
        >
          Start the timer on a task, or add what you worked by hand.
        </EmptyState>
      ) : (
        <>
          <div className={styles.overview}>
            <HoursChart
              today={today}
              days={dates.map(
                (date) =>
                  hours.data.days.find((day) => day.date === date) ?? {
                    date,
                    seconds: 0,
                    coveredSeconds: 0,
                  },
              )}
            />
            <Budgets lines={hours.data.budgets} />
          </div>
          <WeekTable
            days={dates.flatMap((date) => hours.data.days.filter((day) => day.date === date))}
            entries={hours.data.entries}
            totalSeconds={hours.data.totalSeconds}
            coveredSeconds={hours.data.coveredSeconds}
            onEdit={(entry) => setEditing({ entry })}
            onDelete={remove}
          />
        </>
      )}
      <Section title="What the employer sees">
        <p className={styles.ledger}>
          Of each entry: the task, when it began and ended, whether it came from the timer or by
          hand, and your note. Nothing else: Stint records no screen, no keys and no activity, on
          this computer or anywhere.
        </p>
      </Section>
      {editing === undefined ? null : (
        <EntryDialog
          entry={editing.entry}
          date={isThisWeek ? today : from}
          scopeSeatId={scopeSeatId}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Page>
  );
}

/** How much of the agreed hours is used, in all weeks together. */
function Budgets({ lines }: { readonly lines: readonly BudgetLine[] }) {
  if (lines.length === 0) return null;
  return (
    <section aria-label="Budgets" className={styles.budgets}>
      <h3 className={styles.budgetTitle}>
        {lines.length === 1 ? 'Budget' : 'Budgets'}, all weeks together
      </h3>
      <BudgetLines lines={lines} />
    </section>
  );
}

/** Deletes at once and offers to take it back. */
function useDelete() {
  const restore = useAction('hours.delete', { failure: 'The entry did not come back' });
  const remove = useAction('hours.delete', {
    failure: 'Not deleted',
    onSuccess: (_, { seatId, timeEntryId }) =>
      showToast({
        title: 'Time deleted',
        onUndo: () => restore.mutate({ seatId, timeEntryId, deleted: false }),
      }),
  });
  return ({ seatId, timeEntryId }: TimeEntry) =>
    remove.mutate({ seatId, timeEntryId, deleted: true });
}
