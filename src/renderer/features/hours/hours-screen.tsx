import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { Plus } from 'lucide-react';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatMonth, formatPlainDate } from '../../format/date-time.ts';
import { localZone } from '../../format/locale.ts';
import { useSeat } from '../../frame/seat.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { KeptView } from '../../ui/kept-view.tsx';
import { Later } from '../../ui/later.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import { ShowAll } from '../../ui/show-all.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Row } from '../../ui/stack.tsx';
import { BudgetStandings } from '../timesheets/budget-standings.tsx';
import { ChangeRequestDialog } from '../timesheets/change-request-dialog.tsx';
import { EntryDialog } from './entry-dialog.tsx';
import { computeDaySums } from './calendar/calendar-days.ts';
import { EntryList } from './calendar/entry-list.tsx';
import { MonthGrid } from './calendar/month-grid.tsx';
import type { EntryTimes } from './calendar/entry-forecasts.ts';
import { isLocked, useEntryChanges } from './calendar/use-entry-changes.ts';
import { undoShortcut, WeekCalendar } from './calendar/week-calendar.tsx';
import { ExchangeActions } from './exchange/exchange-actions.tsx';
import { HoursToolbar, type HoursView } from './hours-toolbar.tsx';
import { WeekDetails } from './week-details.tsx';
import {
  addDays,
  addMonths,
  addWeeks,
  computeMonday,
  computeMonthRange,
  computeTotals,
  getToday,
  listMonthDates,
  listWeekDates,
} from './week.ts';
import styles from './hours-screen.module.css';

/** What the dialog is open for. */
type Editing = { readonly entry: TimeEntry | undefined; readonly times?: EntryTimes };

const noEntries: readonly TimeEntry[] = [];
/** Of a year's list; the rest is fetched when somebody goes there. */
const firstEntries = 200;

/** Recorded time: a week as a calendar, a month of days, or a year as a list. */
export function HoursScreen() {
  const { scopeSeatId, internSeats } = useSeat();
  const today = getToday(localZone);
  const thisMonday = computeMonday(today);
  const [monday, setMonday] = useState(thisMonday);
  const [editing, setEditing] = useState<Editing>();
  const [asked, setAsked] = useState<TimeEntry>();
  const [view, setView] = useState<HoursView>('week');
  const dates = useMemo(() => listWeekDates(monday), [monday]);
  const monthDates = useMemo(() => listMonthDates(monday), [monday]);
  const from = dates[0] ?? monday;
  const to = dates.at(-1) ?? monday;
  const seat = scopeSeatId === undefined ? {} : { seatId: scopeSeatId };
  // A day more before each, for what runs across its midnight.
  const week = useRequest(
    'hours.list',
    { ...seat, from: addDays(from, -1), to },
    { keepsPrevious: true },
  );
  // The other views are asked for ahead, so that they stand at once; not before what is looked at stands.
  const isWeekThere = week.data !== undefined;
  const month = useRequest(
    'hours.list',
    isWeekThere || view === 'month'
      ? {
          ...seat,
          from: addDays(monthDates[0] ?? from, -1),
          to: monthDates.at(-1) ?? to,
        }
      : undefined,
  );
  const year = to.slice(0, 4);
  const [wholeYear, setWholeYear] = useState<string>();
  const list = useRequest(
    'hours.list',
    isWeekThere || view === 'list'
      ? {
          ...seat,
          from: `${year}-01-01`,
          to: `${year}-12-31`,
          ...(wholeYear === year ? {} : { limit: firstEntries }),
        }
      : undefined,
    { keepsPrevious: wholeYear === year },
  );
  const timer = useRequest('timer.get', {});
  const changes = useEntryChanges(week.data?.entries ?? noEntries);
  const sums = useMemo(
    () => computeDaySums(changes.entries, dates, localZone),
    [changes.entries, dates],
  );
  const monthEntries = month.data?.entries ?? noEntries;
  // Out of sight, it is added up once what is in sight stands.
  const laterMonthEntries = useDeferredValue(monthEntries, noEntries);
  const addedUp = view === 'month' ? monthEntries : laterMonthEntries;
  const monthSums = useMemo(
    () => computeDaySums(addedUp, monthDates, localZone),
    [addedUp, monthDates],
  );
  const projectTitles = useMemo(
    () =>
      new Map(
        (week.data?.budgets ?? []).map(({ engagementId, projectTitle }) => [
          engagementId,
          projectTitle,
        ]),
      ),
    [week.data],
  );
  const engagements = useMemo(
    () =>
      (week.data?.budgets ?? []).map(({ engagementId, projectTitle }) => ({
        engagementId,
        label: projectTitle,
      })),
    [week.data],
  );
  const hours = view === 'list' ? list : view === 'month' ? month : week;
  const shownRange =
    view === 'list'
      ? { from: `${year}-01-01`, to: `${year}-12-31` }
      : view === 'month'
        ? computeMonthRange(monday)
        : { from, to };
  const shown =
    view === 'list'
      ? { total: list.data?.totalSeconds ?? 0, covered: list.data?.coveredSeconds ?? 0 }
      : view === 'month'
        ? computeTotals(
            monthSums.filter(({ date }) => date >= shownRange.from && date <= shownRange.to),
          )
        : computeTotals(sums);
  const isThisWeek = monday === thisMonday;
  const noun = view === 'list' ? 'year' : view;
  const title =
    view === 'list'
      ? year
      : view === 'month'
        ? formatMonth(shownRange.from)
        : `${formatPlainDate(from)} – ${formatPlainDate(to)}`;
  const step = (by: number) =>
    setMonday(
      view === 'week'
        ? addWeeks(monday, by)
        : computeMonday(addMonths(monday, view === 'month' ? by : 12 * by)),
    );

  useShortcut({ keys: ['A'], label: 'Add time by hand', group: 'Hours' }, () =>
    setEditing({ entry: undefined }),
  );
  useShortcut({ keys: ['['], label: 'The week, month or year before', group: 'Hours' }, () =>
    step(-1),
  );
  useShortcut({ keys: [']'], label: 'The week, month or year after', group: 'Hours' }, () =>
    step(1),
  );
  useShortcut({ keys: ['T'], label: 'This week', group: 'Hours' }, () => setMonday(thisMonday));
  useShortcut(undoShortcut, () => changes.undo());
  useShortcut({ keys: ['1'], label: 'The week as a calendar', group: 'Hours' }, () =>
    setView('week'),
  );
  useShortcut({ keys: ['2'], label: 'The month', group: 'Hours' }, () => setView('month'));
  useShortcut({ keys: ['3'], label: 'The year as a list', group: 'Hours' }, () => setView('list'));

  const edit = useCallback(
    (entry: TimeEntry) => (isLocked(entry) ? setAsked(entry) : setEditing({ entry })),
    [],
  );
  const draw = useCallback((times: EntryTimes) => setEditing({ entry: undefined, times }), []);
  const openWeek = useCallback((date: string) => {
    setMonday(computeMonday(date));
    setView('week');
  }, []);
  const budgets = useMemo(
    () => (
      <div className={styles.budgets}>
        {internSeats
          .filter(({ seatId }) => scopeSeatId === undefined || seatId === scopeSeatId)
          .map(({ seatId }) => (
            <SeatBudgets key={seatId} seatId={seatId} />
          ))}
      </div>
    ),
    [internSeats, scopeSeatId],
  );

  return (
    <Page
      title="Hours"
      actions={
        <Row>
          <ExchangeActions
            canImport
            seatId={scopeSeatId}
            engagements={engagements}
            {...shownRange}
          />
          <Button
            variant="primary"
            icon={<Plus />}
            keys={['A']}
            onPress={() => setEditing({ entry: undefined })}
          >
            Add time
          </Button>
        </Row>
      }
    >
      <HoursToolbar
        title={title}
        noun={noun}
        isNow={isThisWeek}
        view={view}
        sums={hours.data === undefined ? undefined : shown}
        onStep={step}
        onNow={() => setMonday(thisMonday)}
        onView={setView}
      />
      {hours.isError ? (
        <ErrorNotice error={hours.error} onRetry={() => void hours.refetch()} />
      ) : hours.isPending ? (
        <Skeleton lines={6} label="Adding up the hours" />
      ) : null}
      <div>
        <KeptView isShown={view === 'week' && week.isSuccess} isReady={week.isSuccess}>
          <WeekCalendar
            key={monday}
            dates={dates}
            today={today}
            changes={changes}
            running={timer.data ?? null}
            onEdit={edit}
            onDraw={draw}
          />
          <WeekDetails
            key={`below ${monday}`}
            entries={changes.entries}
            dates={dates}
            today={today}
            isThisWeek={isThisWeek}
            projectTitles={projectTitles}
            budgets={budgets}
            onEdit={edit}
            onDelete={changes.remove}
          />
        </KeptView>
        <KeptView isShown={view === 'month' && month.isSuccess} isReady={month.isSuccess}>
          <MonthGrid
            days={monthSums}
            month={monthDates[7]?.slice(0, 7) ?? ''}
            today={today}
            onOpenWeek={openWeek}
          />
        </KeptView>
        <KeptView isShown={view === 'list' && list.isSuccess} isReady={list.isSuccess}>
          <EntryList entries={list.data?.entries ?? noEntries} onEdit={edit} />
          <ShowAll
            shown={list.data?.entries.length ?? 0}
            total={list.data?.entryCount ?? 0}
            onPress={() => setWholeYear(year)}
          />
        </KeptView>
      </div>
      <Later>
        <Section title="What the employer sees">
          <p className={styles.ledger}>
            Of each entry: the task, when it began and ended, whether it came from the timer or by
            hand, and your note; also what you change or delete of it once it is sent. Nothing else:
            Stint records no screen and no keys, on this computer or anywhere. While a timer runs,
            it notes on this computer alone when nobody was there, and asks you whether that time
            counts.
          </p>
        </Section>
      </Later>
      {asked === undefined ? null : (
        <ChangeRequestDialog entry={asked} onClose={() => setAsked(undefined)} />
      )}
      {editing === undefined ? null : (
        <EntryDialog
          entry={editing.entry}
          times={editing.times}
          others={changes.entries}
          date={isThisWeek ? today : from}
          scopeSeatId={scopeSeatId}
          onSplit={changes.split}
          onMerge={changes.merge}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Page>
  );
}

/** Where the agreed hours stand, in all weeks together, with a way to ask for more. */
function SeatBudgets({ seatId }: { readonly seatId: string }) {
  const standings = useRequest('hours.budget', { seatId });
  return <BudgetStandings standings={standings.data ?? []} isIntern seatId={seatId} />;
}
