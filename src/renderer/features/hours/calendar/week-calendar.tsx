import {
  memo,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';
import type { TimeEntry } from '../../../../shared/contract/shapes.ts';
import { computeEpochMs, computeIsoInstant } from '../../../../shared/ports.ts';
import { isolate } from '../../../../shared/domain/isolate.ts';
import { formatPlainDate, formatTime } from '../../../format/date-time.ts';
import { formatDuration } from '../../../format/duration.ts';
import { localZone } from '../../../format/locale.ts';
import { cx } from '../../../ui/cx.ts';
import {
  addDaysByClock,
  computeCalendarDay,
  computeDaySums,
  hourMs,
  layOutBlocks,
  type CalendarDay,
} from './calendar-days.ts';
import { EntryBlock } from './entry-block.tsx';
import type { EntryTimes } from './entry-forecasts.ts';
import { isLocked, type EntryChanges } from './use-entry-changes.ts';
import { useShortcut, type Shortcut } from '../../../frame/shortcuts.ts';
import { scaleWithText } from '../../../ui/text-scale.ts';
import spokenStyles from '../../../ui/spoken.module.css';
import styles from './week-calendar.module.css';

const hourPx = scaleWithText(44);
const edgePx = 6;
const snapMs = 15 * 60_000;
const shortestMs = 5 * 60_000;
const firstShownHour = 7;
/** So much of an hour's label stands above its line. */
const halfLabelPx = scaleWithText(10);
/** What would change an entry, beside the arrows. */
const changingKeys = new Set(['x', 'm', 'delete', 'backspace']);
/** Keys that are pressed one after the other become one change. */
const keysRestMs = 700;

export const undoShortcut: Shortcut = {
  keys: ['Mod', 'Z'],
  label: 'Take the last change back',
  group: 'Hours',
};

export interface WeekCalendarProps {
  readonly dates: readonly string[];
  readonly today: string;
  readonly changes: EntryChanges;
  /** When the timer that runs was started. */
  readonly running: { readonly startedAt: string; readonly taskTitle: string } | null;
  readonly onEdit: (entry: TimeEntry) => void;
  readonly onDraw: (times: EntryTimes) => void;
}

interface Drag {
  readonly kind: 'move' | 'start' | 'end' | 'draw';
  readonly entry: TimeEntry | undefined;
  readonly grabbedMs: number;
  readonly times: EntryTimes;
}

const computeY = (ms: number): number => (ms / hourMs) * hourPx;

/** The week as blocks of time: drawn, moved and resized with the mouse or with the keyboard. */
export function WeekCalendar({
  dates,
  today,
  changes,
  running,
  onEdit,
  onDraw,
}: WeekCalendarProps) {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const gridRef = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag>();
  const [typed, setTyped] = useState<{ readonly entry: TimeEntry; readonly times: EntryTimes }>();
  const [activeId, setActiveId] = useState<string>();
  const [said, setSaid] = useState('');
  const nowMs = useNow();
  const days = useMemo(() => dates.map((date) => computeCalendarDay(date, localZone)), [dates]);
  const shown = useMemo(() => {
    const changed = drag?.entry === undefined ? typed : { entry: drag.entry, times: drag.times };
    return changed === undefined
      ? changes.entries
      : changes.entries.map((entry) =>
          entry.timeEntryId === changed.entry.timeEntryId ? { ...entry, ...changed.times } : entry,
        );
  }, [changes.entries, drag, typed]);
  const blocks = useMemo(() => layOutBlocks(shown, days), [shown, days]);
  const sums = useMemo(() => computeDaySums(shown, dates, localZone), [shown, dates]);
  const heightPx = Math.max(...days.map(({ startMs, endMs }) => computeY(endMs - startMs)));
  const axisDay = days.find(({ clockShiftMs }) => clockShiftMs === 0) ?? days[0];
  const ordered = days.flatMap(({ date }) => blocks.get(date) ?? []).map(({ entry }) => entry);
  const stopId = ordered.some(({ timeEntryId }) => timeEntryId === activeId)
    ? activeId
    : ordered[0]?.timeEntryId;

  // Before it is painted, so that it is laid out once.
  useLayoutEffect(() => {
    if (scrollerRef.current !== null)
      scrollerRef.current.scrollTop = firstShownHour * hourPx - halfLabelPx;
  }, []);
  const commitTyped = () => {
    if (typed === undefined) return;
    changes.move(typed.entry, typed.times);
    setTyped(undefined);
  };
  const putBack = () => {
    setTyped(undefined);
    setSaid('Put back as it was');
  };
  // Where the arrows put it is the last change, though it is not sent yet.
  useShortcut(undoShortcut, putBack, typed !== undefined);
  const onRest = useEffectEvent(commitTyped);
  useEffect(() => {
    if (typed === undefined) return;
    const timer = setTimeout(() => onRest(), keysRestMs);
    return () => clearTimeout(timer);
  }, [typed]);
  // Who goes to another week has moved it all the same.
  useEffect(() => () => onRest(), []);

  const findMoment = (event: PointerEvent): { ms: number; day: CalendarDay } | undefined => {
    const grid = gridRef.current;
    if (grid === null) return undefined;
    const box = grid.getBoundingClientRect();
    const index = Math.floor(((event.clientX - box.left) / box.width) * days.length);
    const day = days[Math.min(days.length - 1, Math.max(0, index))];
    if (day === undefined) return undefined;
    const ms = Math.min(
      day.endMs - day.startMs,
      Math.max(0, ((event.clientY - box.top) / hourPx) * hourMs),
    );
    return { ms: day.startMs + ms, day };
  };
  const snap = (ms: number, { startMs }: CalendarDay) =>
    startMs + Math.round((ms - startMs) / snapMs) * snapMs;
  const onPointerDown = (event: PointerEvent) => {
    const at = findMoment(event);
    if (event.button !== 0 || at === undefined || !(event.target instanceof Element)) return;
    const block = event.target.closest<HTMLElement>('[data-entry]');
    const entry = ordered.find(({ timeEntryId }) => timeEntryId === block?.dataset['entry']);
    if (entry !== undefined && isLocked(entry)) {
      event.preventDefault();
      block?.focus({ preventScroll: true });
      setSaid('This time is approved. Press Enter or double-click to ask for a change.');
      return;
    }
    // Or it would come after where the entry is put now, and in its place.
    commitTyped();
    gridRef.current?.setPointerCapture(event.pointerId);
    if (entry === undefined) {
      const start = computeIsoInstant(snap(at.ms, at.day));
      setDrag({
        kind: 'draw',
        entry: undefined,
        grabbedMs: at.ms,
        times: { startedAt: start, endedAt: start },
      });
      return;
    }
    event.preventDefault();
    block?.focus({ preventScroll: true });
    setDrag({
      kind: block === null ? 'move' : findGrabbed(block, event.clientY),
      entry,
      grabbedMs: at.ms - computeEpochMs(entry.startedAt),
      times: { startedAt: entry.startedAt, endedAt: entry.endedAt },
    });
  };
  const onPointerMove = (event: PointerEvent) => {
    const at = drag === undefined ? undefined : findMoment(event);
    if (drag === undefined || at === undefined) return;
    const times = computeDragged(drag, at.ms, (ms) => snap(ms, at.day));
    if (times.startedAt !== drag.times.startedAt || times.endedAt !== drag.times.endedAt)
      setDrag({ ...drag, times });
  };
  const onPointerUp = () => {
    if (drag === undefined) return;
    const { entry, times } = drag;
    setDrag(undefined);
    if (entry === undefined) {
      if (computeEpochMs(times.endedAt) - computeEpochMs(times.startedAt) >= shortestMs)
        onDraw(times);
      return;
    }
    changes.move(entry, times);
    setSaid(describeTimes(times));
  };

  const focusBlock = (entry: TimeEntry | undefined) => {
    if (entry === undefined) return;
    setActiveId(entry.timeEntryId);
    const element = gridRef.current?.querySelector<HTMLElement>(
      `[data-entry="${entry.timeEntryId}"]`,
    );
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const block =
      event.target instanceof Element
        ? event.target.closest<HTMLElement>('[data-entry]')
        : undefined;
    const index = ordered.findIndex(({ timeEntryId }) => timeEntryId === block?.dataset['entry']);
    const entry = ordered[index];
    if (entry === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const handle = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    const times = computeKeyed(event, entry);
    const key = event.key.toLowerCase();
    if (isLocked(entry) && (times !== undefined || changingKeys.has(key))) {
      handle();
      setSaid('This time is approved. Press Enter to ask for a change.');
      return;
    }
    if (times !== undefined) {
      handle();
      const before = typed?.entry.timeEntryId === entry.timeEntryId ? typed.entry : undefined;
      const original =
        before ?? changes.entries.find(({ timeEntryId }) => timeEntryId === entry.timeEntryId);
      if (original !== undefined) setTyped({ entry: original, times });
      setSaid(describeTimes(times));
      return;
    }
    // What is done to an entry is done to it where it was put; put there afterwards, it would undo a merge.
    if (changingKeys.has(key)) commitTyped();
    if (key === 'j' || key === 'k') {
      handle();
      commitTyped();
      focusBlock(ordered[index + (key === 'j' ? 1 : -1)]);
    } else if (key === 'home' || key === 'end') {
      handle();
      focusBlock(key === 'home' ? ordered[0] : ordered.at(-1));
    } else if (key === 'enter') {
      handle();
      commitTyped();
      onEdit(entry);
    } else if (key === 'x') {
      handle();
      changes.split(entry);
    } else if (key === 'm') {
      handle();
      changes.merge(entry);
    } else if (key === 'delete' || key === 'backspace') {
      handle();
      changes.remove(entry);
      focusBlock(ordered[index + 1] ?? ordered[index - 1]);
    } else if (key === 'escape' && typed !== undefined) {
      handle();
      putBack();
    }
  };

  return (
    <section className={styles.calendar} aria-label="The week as a calendar">
      <p className={spokenStyles.spoken} aria-live="polite">
        {said}
      </p>
      <section
        ref={scrollerRef}
        className={styles.scroller}
        aria-label="Hours of the days"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard has to reach it.
        tabIndex={0}
      >
        <div className={styles.head} style={{ '--days': days.length } as CSSProperties}>
          <span />
          {days.map((day, index) => (
            <div key={day.date} className={cx(styles.dayName, day.date === today && styles.today)}>
              <span>{formatPlainDate(day.date)}</span>
              <span className={styles.daySum}>
                {(sums[index]?.seconds ?? 0) === 0
                  ? ''
                  : formatDuration((sums[index]?.seconds ?? 0) * 1000)}
              </span>
              {day.clockShiftMs === 0 ? null : (
                <span className={styles.shift}>
                  {`clocks ${day.clockShiftMs > 0 ? 'forward' : 'back'} ${formatDuration(Math.abs(day.clockShiftMs))}`}
                </span>
              )}
            </div>
          ))}
        </div>
        <div className={styles.body}>
          <div className={styles.axis} style={{ height: heightPx }} aria-hidden>
            {axisDay?.lines.map(({ offsetMs }) =>
              offsetMs === 0 ? null : (
                <span key={offsetMs} style={{ top: computeY(offsetMs) }}>
                  {formatTime(axisDay.startMs + offsetMs)}
                </span>
              ),
            )}
          </div>
          {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the blocks inside are what is operated. */}
          <div
            ref={gridRef}
            className={styles.grid}
            style={{ height: heightPx, '--days': days.length } as CSSProperties}
            onPointerDown={onPointerDown}
            onPointerMove={onPointerMove}
            onPointerUp={onPointerUp}
            onPointerCancel={() => setDrag(undefined)}
            onKeyDown={onKeyDown}
            onBlur={commitTyped}
          >
            {axisDay === undefined ? null : <HourLines day={axisDay} />}
            {days.map((day) => (
              <div
                key={day.date}
                className={cx(
                  styles.day,
                  day.date === today && styles.dayToday,
                  day !== axisDay && day.clockShiftMs !== 0 && styles.shiftDay,
                )}
              >
                {day !== axisDay && day.clockShiftMs !== 0 ? <HourLines day={day} /> : null}
                <ul className={styles.blocks} aria-label={formatPlainDate(day.date)}>
                  {(blocks.get(day.date) ?? []).map((block) => (
                    <EntryBlock
                      key={block.entry.timeEntryId}
                      entry={block.entry}
                      topPx={computeY(block.fromMs - day.startMs)}
                      heightPx={computeY(block.untilMs - block.fromMs)}
                      lane={block.lane}
                      lanes={block.lanes}
                      isTabStop={block.entry.timeEntryId === stopId}
                      isFuture={block.untilMs > nowMs}
                      isDragged={drag?.entry?.timeEntryId === block.entry.timeEntryId}
                      onFocus={setActiveId}
                      onOpen={onEdit}
                    />
                  ))}
                  <Stretch
                    day={day}
                    times={drag?.kind === 'draw' ? drag.times : undefined}
                    className={styles.drawn}
                    label={drag?.kind === 'draw' ? describeTimes(drag.times) : ''}
                  />
                  <Stretch
                    day={day}
                    times={
                      running === null
                        ? undefined
                        : { startedAt: running.startedAt, endedAt: computeIsoInstant(nowMs) }
                    }
                    className={styles.running}
                    label={running === null ? '' : `Timer: ${isolate(running.taskTitle)}`}
                  />
                  {nowMs >= day.startMs && nowMs < day.endMs ? (
                    <li
                      className={styles.now}
                      style={{ top: computeY(nowMs - day.startMs) }}
                      aria-label={`It is ${formatTime(nowMs)}`}
                    />
                  ) : null}
                </ul>
              </div>
            ))}
          </div>
        </div>
      </section>
    </section>
  );
}

/** Over the whole week, or over a day whose clocks change: its lines are its own. */
const HourLines = memo(function HourLines({ day }: { readonly day: CalendarDay }) {
  return (
    <div className={styles.lines} aria-hidden>
      {day.lines.map(({ offsetMs, wallHour }) => (
        <div key={offsetMs} className={styles.line} style={{ top: computeY(offsetMs) }}>
          {day.clockShiftMs !== 0 && offsetMs < 6 * hourMs ? (
            <span className={styles.lineHour}>{wallHour}</span>
          ) : null}
        </div>
      ))}
    </div>
  );
});

/** A stretch that is no entry: what is being drawn, and the timer that runs. */
function Stretch({
  day,
  times,
  className,
  label,
}: {
  readonly day: CalendarDay;
  readonly times: EntryTimes | undefined;
  readonly className: string | undefined;
  readonly label: string;
}) {
  if (times === undefined) return null;
  const fromMs = Math.max(day.startMs, computeEpochMs(times.startedAt));
  const untilMs = Math.min(day.endMs, computeEpochMs(times.endedAt));
  if (untilMs <= fromMs) return null;
  return (
    <li
      className={className}
      style={{ top: computeY(fromMs - day.startMs), height: computeY(untilMs - fromMs) }}
    >
      {label}
    </li>
  );
}

/** By its upper or lower edge a block becomes longer or shorter. */
function findGrabbed(block: HTMLElement, clientY: number): Drag['kind'] {
  const { top, bottom } = block.getBoundingClientRect();
  if (clientY >= bottom - edgePx) return 'end';
  return clientY < top + edgePx ? 'start' : 'move';
}

function computeDragged(drag: Drag, ms: number, snap: (ms: number) => number): EntryTimes {
  const { kind, entry, grabbedMs } = drag;
  if (entry === undefined) {
    const [from, until] = [snap(Math.min(grabbedMs, ms)), snap(Math.max(grabbedMs, ms))];
    return { startedAt: computeIsoInstant(from), endedAt: computeIsoInstant(until) };
  }
  const startMs = computeEpochMs(entry.startedAt);
  const endMs = computeEpochMs(entry.endedAt);
  if (kind === 'start')
    return {
      startedAt: computeIsoInstant(Math.min(snap(ms), endMs - shortestMs)),
      endedAt: entry.endedAt,
    };
  if (kind === 'end')
    return {
      startedAt: entry.startedAt,
      endedAt: computeIsoInstant(Math.max(snap(ms), startMs + shortestMs)),
    };
  // A press that hardly moves is no move: the seconds of a timer's entry stay.
  if (Math.abs(ms - grabbedMs - startMs) < snapMs / 3)
    return { startedAt: entry.startedAt, endedAt: entry.endedAt };
  const movedMs = snap(ms - grabbedMs);
  return {
    startedAt: computeIsoInstant(movedMs),
    endedAt: computeIsoInstant(movedMs + endMs - startMs),
  };
}

/** Arrows move a block, with Shift they move its end; a day to the side keeps the time by the clock. */
function computeKeyed(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  { startedAt, endedAt }: EntryTimes,
): EntryTimes | undefined {
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const byMs = key === 'ArrowDown' ? snapMs : -snapMs;
    const endMs = computeEpochMs(endedAt) + byMs;
    if (shiftKey)
      return {
        startedAt,
        endedAt: computeIsoInstant(Math.max(endMs, computeEpochMs(startedAt) + shortestMs)),
      };
    return {
      startedAt: computeIsoInstant(computeEpochMs(startedAt) + byMs),
      endedAt: computeIsoInstant(endMs),
    };
  }
  if ((key === 'ArrowLeft' || key === 'ArrowRight') && !shiftKey) {
    const movedAt = addDaysByClock(startedAt, key === 'ArrowRight' ? 1 : -1, localZone);
    const lengthMs = computeEpochMs(endedAt) - computeEpochMs(startedAt);
    return {
      startedAt: movedAt,
      endedAt: computeIsoInstant(computeEpochMs(movedAt) + lengthMs),
    };
  }
  return undefined;
}

function describeTimes({ startedAt, endedAt }: EntryTimes): string {
  return `${formatTime(startedAt)} – ${formatTime(endedAt)}`;
}

/** The present, by the minute. */
function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
