import type { TimeEntry } from '../../../../shared/contract/shapes.ts';

export interface EntryTimes {
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Where an entry was put, shown before the workspace has answered with it. */
export interface EntryForecast {
  readonly times: EntryTimes;
  /** What may still be answered until then: as it stood, and where it was put on the way. */
  readonly earlier: readonly EntryTimes[];
  /** Whether the workspace has taken the change. */
  readonly isTaken: boolean;
}

export type EntryForecasts = ReadonlyMap<string, EntryForecast>;

const isSame = (left: EntryTimes, right: EntryTimes): boolean =>
  left.startedAt === right.startedAt && left.endedAt === right.endedAt;

/** An entry that is put somewhere, perhaps again before the last time was answered. */
export function addForecast(
  forecasts: EntryForecasts,
  timeEntryId: string,
  { times, seen }: { readonly times: EntryTimes; readonly seen: EntryTimes | undefined },
): EntryForecasts {
  const last = forecasts.get(timeEntryId);
  const earlier = [
    ...(seen === undefined ? [] : [seen]),
    ...(last === undefined ? [] : [...last.earlier, last.times]),
  ];
  return new Map(forecasts).set(timeEntryId, { times, earlier, isTaken: false });
}

/** The workspace has taken the change to these times, or a later one stands in its place already. */
export function noteTaken(
  forecasts: EntryForecasts,
  timeEntryId: string,
  times: EntryTimes,
): EntryForecasts {
  const forecast = forecasts.get(timeEntryId);
  if (forecast === undefined || !isSame(forecast.times, times)) return forecasts;
  return new Map(forecasts).set(timeEntryId, { ...forecast, isTaken: true });
}

export function dropForecast(forecasts: EntryForecasts, timeEntryId: string): EntryForecasts {
  const after = new Map(forecasts);
  after.delete(timeEntryId);
  return after;
}

/**
 * With each answer: what it shows ends, so that what anyone changes later is shown as it is. Where an entry was put back
 * to where it stood before, an answer that shows it there may be from before it was moved at all: it ends
 * only once that was taken.
 */
export function endForecasts(
  forecasts: EntryForecasts,
  known: readonly TimeEntry[],
): EntryForecasts {
  return known
    .filter((entry) => {
      const forecast = forecasts.get(entry.timeEntryId);
      return (
        forecast !== undefined &&
        isSame(forecast.times, entry) &&
        (forecast.isTaken || !forecast.earlier.some((times) => isSame(times, entry)))
      );
    })
    .reduce((left, { timeEntryId }) => dropForecast(left, timeEntryId), forecasts);
}

/** The entries with what was put elsewhere in its place. Times that nobody here has seen or made come from elsewhere, and count. */
export function showForecasts(
  known: readonly TimeEntry[],
  forecasts: EntryForecasts,
): readonly TimeEntry[] {
  if (forecasts.size === 0) return known;
  return known.map((entry) => {
    const forecast = forecasts.get(entry.timeEntryId);
    return forecast?.earlier.some((times) => isSame(times, entry)) === true
      ? { ...entry, ...forecast.times }
      : entry;
  });
}
