import { useMemo, useRef, useState } from 'react';
import type { TimeEntry } from '../../../../shared/contract/shapes.ts';
import { computeEpochMs, computeIsoInstant } from '../../../../shared/ports.ts';
import { useAction } from '../../../client/use-request.ts';
import { showToast } from '../../../ui/toast.tsx';

export interface EntryTimes {
  readonly startedAt: string;
  readonly endedAt: string;
}

export interface EntryChanges {
  /** The entries with what is being changed already in its place. */
  readonly entries: readonly TimeEntry[];
  readonly move: (entry: TimeEntry, times: EntryTimes) => void;
  readonly split: (entry: TimeEntry) => void;
  readonly merge: (entry: TimeEntry, next: TimeEntry | undefined) => void;
  readonly remove: (entry: TimeEntry) => void;
  /** Takes the last change back, once. */
  readonly undo: () => void;
}

/** Shown until the workspace answers with anything but what stood there when it was made. */
interface Forecast {
  readonly times: EntryTimes;
  readonly seen: EntryTimes | undefined;
}

const minuteMs = 60_000;

/** Changes entries at once, each with a way back: in its message, and by Ctrl+Z. */
export function useEntryChanges(known: readonly TimeEntry[]): EntryChanges {
  const [moved, setMoved] = useState<ReadonlyMap<string, Forecast>>(new Map());
  const lastUndo = useRef<(() => void) | undefined>(undefined);
  const forget = (timeEntryId: string) =>
    setMoved((before) => {
      const after = new Map(before);
      after.delete(timeEntryId);
      return after;
    });
  const edit = useAction('hours.edit', { failure: 'Not changed; the time is as it was' });
  const remove = useAction('hours.delete', { failure: 'Not deleted' });
  const add = useAction('hours.add', { failure: 'Not split; no time was lost' });

  const offerUndo = (title: string, undo: () => void) => {
    let isUsed = false;
    const run = () => {
      if (isUsed) return;
      isUsed = true;
      lastUndo.current = undefined;
      undo();
    };
    lastUndo.current = run;
    const close = showToast({ title, onUndo: run });
    return close;
  };
  const put = (entry: TimeEntry, times: EntryTimes, onDone?: () => void) => {
    const { seatId, timeEntryId } = entry;
    const seen = known.find((each) => each.timeEntryId === timeEntryId);
    setMoved((before) => new Map(before).set(timeEntryId, { times, seen }));
    edit.mutate(
      { seatId, timeEntryId, patch: times },
      { onSuccess: () => onDone?.(), onError: () => forget(timeEntryId) },
    );
  };

  const entries = useMemo(
    () =>
      moved.size === 0
        ? known
        : known.map((entry) => {
            const forecast = moved.get(entry.timeEntryId);
            return forecast !== undefined &&
              forecast.seen?.startedAt === entry.startedAt &&
              forecast.seen.endedAt === entry.endedAt
              ? { ...entry, ...forecast.times }
              : entry;
          }),
    [known, moved],
  );

  return {
    entries,
    undo: () => lastUndo.current?.(),
    move: (entry, times) => {
      const before = { startedAt: entry.startedAt, endedAt: entry.endedAt };
      if (before.startedAt === times.startedAt && before.endedAt === times.endedAt) return;
      const isFuture = computeEpochMs(times.endedAt) > Date.now();
      put(entry, times, () =>
        offerUndo(isFuture ? 'Time moved: it lies in the future' : 'Time moved', () =>
          put({ ...entry, ...times }, before),
        ),
      );
    },
    split: (entry) => {
      const { seatId, startedAt, endedAt } = entry;
      const fromMs = computeEpochMs(startedAt);
      const middleMs =
        fromMs + Math.round((computeEpochMs(endedAt) - fromMs) / 2 / minuteMs) * minuteMs;
      const middle = computeIsoInstant(middleMs);
      if (middle <= startedAt || middle >= endedAt) {
        showToast({ title: 'Too short to be split' });
        return;
      }
      // The second half first: should the rest fail, time is there twice and not lost.
      add.mutate(
        { seatId, taskId: entry.taskId, startedAt: middle, endedAt, note: entry.note },
        {
          onSuccess: (added) =>
            put(entry, { startedAt, endedAt: middle }, () =>
              offerUndo('Time split in two', () =>
                put({ ...entry, endedAt: middle }, { startedAt, endedAt }, () =>
                  remove.mutate({ seatId, timeEntryId: added.timeEntryId, deleted: true }),
                ),
              ),
            ),
        },
      );
    },
    merge: (entry, next) => {
      const { seatId } = entry;
      if (next === undefined) {
        showToast({ title: 'Nothing of this engagement follows on this day' });
        return;
      }
      if (next.startedAt > entry.endedAt) {
        showToast({ title: 'There is a gap between them: move them together first' });
        return;
      }
      const before = { startedAt: entry.startedAt, endedAt: entry.endedAt };
      const merged = {
        ...before,
        endedAt: next.endedAt > entry.endedAt ? next.endedAt : entry.endedAt,
      };
      put(entry, merged, () =>
        remove.mutate(
          { seatId, timeEntryId: next.timeEntryId, deleted: true },
          {
            onSuccess: () =>
              offerUndo('Times merged', () => {
                remove.mutate({ seatId, timeEntryId: next.timeEntryId, deleted: false });
                put({ ...entry, ...merged }, before);
              }),
          },
        ),
      );
    },
    remove: ({ seatId, timeEntryId }) =>
      remove.mutate(
        { seatId, timeEntryId, deleted: true },
        {
          onSuccess: () =>
            offerUndo('Time deleted', () => remove.mutate({ seatId, timeEntryId, deleted: false })),
        },
      ),
  };
}
