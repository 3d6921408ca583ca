import { useCallback, useMemo, useState } from 'react';
import type { RequestOutput } from '../../../../shared/contract/contract.ts';
import type { TimeEntry } from '../../../../shared/contract/shapes.ts';
import { computeEpochMs, computeIsoInstant } from '../../../../shared/ports.ts';
import { useAction } from '../../../client/use-request.ts';
import { formatDuration } from '../../../format/duration.ts';
import { WaitingInput } from '../../../client/waiting-input.ts';
import { showToast } from '../../../ui/toast.tsx';
import {
  addForecast,
  dropForecast,
  endForecasts,
  type EntryForecasts,
  type EntryTimes,
  noteTaken,
  showForecasts,
} from './entry-forecasts.ts';
import { WayBack, type TakenBackOnce } from './way-back.ts';

export interface EntryChanges {
  /** The entries with what is being changed already in its place. */
  readonly entries: readonly TimeEntry[];
  readonly move: (entry: TimeEntry, times: EntryTimes) => void;
  readonly split: (entry: TimeEntry) => void;
  /** With the one of its engagement that follows. */
  readonly merge: (entry: TimeEntry) => void;
  readonly remove: (entry: TimeEntry) => void;
  /** Takes the last change back, once. */
  readonly undo: () => void;
}

const minuteMs = 60_000;
/** Farther apart, two stretches of work are hardly one. */
const mostApartMs = 12 * 60 * minuteMs;

/** Approved time is not changed but asked about. */
export function isLocked({ timesheet }: TimeEntry): boolean {
  return timesheet?.state === 'approved';
}

function findNext(entries: readonly TimeEntry[], entry: TimeEntry): TimeEntry | undefined {
  return entries
    .filter(
      (other) =>
        other.timeEntryId !== entry.timeEntryId &&
        other.engagementId === entry.engagementId &&
        other.startedAt >= entry.startedAt &&
        !isLocked(other) &&
        computeEpochMs(other.startedAt) - computeEpochMs(entry.endedAt) < mostApartMs,
    )
    .sort((left, right) => (left.startedAt < right.startedAt ? -1 : 1))[0];
}

/** Changes entries at once, each with a way back: in its message, and by Ctrl+Z. */
export function useEntryChanges(known: readonly TimeEntry[]): EntryChanges {
  const [moved, setMoved] = useState<EntryForecasts>(new Map());
  const [answered, setAnswered] = useState(known);
  if (answered !== known) {
    setAnswered(known);
    setMoved(endForecasts(moved, known));
  }
  const [wayBack] = useState(() => new WayBack());
  const [waiting] = useState(() => new WaitingInput());
  // A change that is taken back and split at once has to be back before it is split.
  const inOrder = 'hours';
  // Each hears of its own end: where several wait for each other, callbacks would be the last one's alone.
  const { mutateAsync: edit } = useAction('hours.edit', {
    inOrder,
    failure: 'Not changed; the time is as it was',
  });
  const { mutateAsync: setDeleted } = useAction('hours.delete', {
    inOrder,
    failure: 'Not deleted',
  });
  const { mutateAsync: split } = useAction('hours.split', {
    inOrder,
    failure: 'Not split; the time is as it was',
  });
  const { mutateAsync: merge } = useAction('hours.merge', {
    inOrder,
    failure: 'Not merged; both times are as they were',
  });
  const { mutate: rearrange } = useAction('hours.rearrange', {
    inOrder,
    failure: 'Not taken back',
  });

  const offerWayBack = useCallback(
    <Answer>(
      change: TakenBackOnce,
      answer: Promise<Answer>,
      title: string,
      takeBack: (answer: Answer) => void,
    ) => {
      // What failed has been said.
      void answer.then(
        (given) => {
          if (change.answer(() => takeBack(given)))
            showToast({ title, onUndo: () => change.takeBack() });
        },
        () => wayBack.drop(change),
      );
    },
    [wayBack],
  );
  // The same function at each render: a week's table is drawn anew only where its entries changed.
  const remove = useCallback(
    ({ seatId, timeEntryId }: TimeEntry) => {
      const bringBack = () =>
        void setDeleted({ seatId, timeEntryId, deleted: false }).catch(() => {});
      offerWayBack(
        wayBack.begin(bringBack),
        setDeleted({ seatId, timeEntryId, deleted: true }),
        'Time deleted',
        bringBack,
      );
    },
    [setDeleted, offerWayBack, wayBack],
  );
  /** Not what is waited for already. */
  const rearrangeBy = <Input>(
    ask: (input: Input) => Promise<RequestOutput<'hours.split'>>,
    input: Input & { readonly seatId: string },
    title: string,
  ) => {
    if (!waiting.begin(input)) return;
    const answer = ask(input).finally(() => waiting.end(input));
    offerWayBack(wayBack.begin(), answer, title, ({ undo }) =>
      rearrange({ seatId: input.seatId, undo }),
    );
  };
  const put = (entry: TimeEntry, times: EntryTimes): Promise<unknown> => {
    const { seatId, timeEntryId } = entry;
    const seen = known.find((each) => each.timeEntryId === timeEntryId);
    setMoved((before) => addForecast(before, timeEntryId, { times, seen }));
    const answer = edit({ seatId, timeEntryId, patch: times });
    answer.then(
      () => setMoved((before) => noteTaken(before, timeEntryId, times)),
      () => setMoved((before) => dropForecast(before, timeEntryId)),
    );
    return answer;
  };

  const entries = useMemo(() => showForecasts(known, moved), [known, moved]);

  return {
    entries,
    undo: () => wayBack.undo(),
    move: (entry, times) => {
      const before = { startedAt: entry.startedAt, endedAt: entry.endedAt };
      if (before.startedAt === times.startedAt && before.endedAt === times.endedAt) return;
      const isFuture = computeEpochMs(times.endedAt) > Date.now();
      const putBack = () => void put({ ...entry, ...times }, before).catch(() => {});
      offerWayBack(
        wayBack.begin(putBack),
        put(entry, times),
        isFuture ? 'Time moved: it lies in the future' : 'Time moved',
        putBack,
      );
    },
    split: (entry) => {
      const { seatId, timeEntryId, startedAt, endedAt } = entry;
      const fromMs = computeEpochMs(startedAt);
      const middleMs =
        fromMs + Math.round((computeEpochMs(endedAt) - fromMs) / 2 / minuteMs) * minuteMs;
      const middle = computeIsoInstant(middleMs);
      if (middle <= startedAt || middle >= endedAt) {
        showToast({ title: 'Too short to be split' });
        return;
      }
      const parts = [
        { startedAt, endedAt: middle },
        { startedAt: middle, endedAt },
      ];
      rearrangeBy(split, { seatId, timeEntryId, parts }, 'Time split in two');
    },
    merge: (entry) => {
      const { seatId, timeEntryId } = entry;
      const next = findNext(entries, entry);
      if (next === undefined) {
        showToast({ title: 'Nothing of this engagement follows within half a day' });
        return;
      }
      const run = (coversGaps: boolean) =>
        rearrangeBy(
          merge,
          { seatId, timeEntryIds: [timeEntryId, next.timeEntryId], coversGaps },
          'Times merged',
        );
      const gapMs = computeEpochMs(next.startedAt) - computeEpochMs(entry.endedAt);
      if (gapMs <= 0) run(false);
      else
        showToast({
          title: `${formatDuration(gapMs)} between them were not recorded`,
          action: { label: 'Count them and merge', onPress: () => run(true) },
        });
    },
    remove,
  };
}
