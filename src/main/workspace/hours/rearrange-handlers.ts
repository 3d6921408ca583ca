import type { RequestArguments, RequestOutput } from '../../../shared/contract/contract.ts';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { StintError } from '../../../shared/errors.ts';
import type { RearrangeTime } from '../../../shared/mutations/time-changes.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { getTimeEntry } from '../work/time-entries.ts';
import { loadEntryEvents } from './entry-events.ts';
import { assertEntriesOpen } from './entry-locks.ts';

type RearrangeRequests = Record<
  'hours.split' | 'hours.merge' | 'hours.rearrange' | 'hours.history',
  unknown
>;

/** Characters. */
const longestNote = 2000;

const toSeen = ({ startedAt, endedAt, note, taskId }: TimeEntry) => ({
  startedAt,
  endedAt,
  note,
  taskId,
});

async function rearrange(seat: Seat, change: RearrangeTime, subject: string): Promise<void> {
  await assertEntriesOpen(
    seat,
    change.changes.map(({ timeEntryId }) => timeEntryId),
  );
  await seat.mutate('time.rearrange', change, { subject });
}

async function loadEntries(seat: Seat, ids: readonly string[]): Promise<TimeEntry[]> {
  const entries: TimeEntry[] = [];
  for (const id of ids) entries.push(await getTimeEntry(seat, id));
  return entries.sort((left, right) => (left.startedAt < right.startedAt ? -1 : 1));
}

async function split(
  { seatId, timeEntryId, parts }: RequestArguments<'hours.split'>,
  workspace: Workspace,
): Promise<RequestOutput<'hours.split'>> {
  const seat = getSeat(workspace, seatId);
  const entry = await getTimeEntry(seat, timeEntryId);
  const sorted = [...parts].sort((left, right) => (left.startedAt < right.startedAt ? -1 : 1));
  let reachedAt = entry.startedAt;
  for (const { startedAt, endedAt } of sorted) {
    if (startedAt < reachedAt || endedAt > entry.endedAt || endedAt <= startedAt)
      throw new StintError(
        'invalid_input',
        `expected parts one after the other between ${entry.startedAt} and ${entry.endedAt}`,
        { field: 'parts' },
      );
    reachedAt = endedAt;
  }
  const [first, ...others] = sorted;
  if (first === undefined)
    throw new StintError('invalid_input', 'expected a part', { field: 'parts' });
  const { zone, source } = entry;
  const additions = others.map((part) => ({
    timeEntryId: workspace.ports.randomness.uuid(),
    taskId: part.taskId ?? entry.taskId,
    startedAt: part.startedAt,
    endedAt: part.endedAt,
    zone,
    source,
    note: part.note ?? entry.note,
    originId: timeEntryId,
  }));
  const change: RearrangeTime = {
    kind: 'split',
    changes: [{ timeEntryId, patch: first, seen: toSeen(entry) }],
    additions,
  };
  await rearrange(seat, change, entry.taskTitle);
  const ids = [timeEntryId, ...additions.map((addition) => addition.timeEntryId)];
  const entries = await loadEntries(seat, ids);
  return {
    entries,
    undo: {
      kind: 'undo',
      changes: entries.map((now) =>
        now.timeEntryId === timeEntryId
          ? { timeEntryId, patch: toSeen(entry), seen: toSeen(now) }
          : { timeEntryId: now.timeEntryId, patch: {}, seen: toSeen(now), deleted: true },
      ),
      additions: [],
    },
  };
}

async function merge(
  { seatId, timeEntryIds, coversGaps }: RequestArguments<'hours.merge'>,
  workspace: Workspace,
): Promise<RequestOutput<'hours.merge'>> {
  const seat = getSeat(workspace, seatId);
  const entries = await loadEntries(seat, [...new Set(timeEntryIds)]);
  const [first, ...others] = entries;
  if (first === undefined || others.length === 0)
    throw new StintError('invalid_input', 'expected at least two entries', {
      field: 'timeEntryIds',
    });
  let { endedAt } = first;
  for (const entry of others) {
    if (entry.engagementId !== first.engagementId)
      throw new StintError('refused', 'time of different engagements cannot be one entry', {
        field: 'timeEntryIds',
      });
    if (entry.startedAt > endedAt && !coversGaps)
      throw new StintError(
        'invalid_input',
        'there is time between these entries that nobody recorded; say that it counts, or merge others',
        { field: 'coversGaps' },
      );
    if (entry.endedAt > endedAt) ({ endedAt } = entry);
  }
  const notes = new Set(entries.map(({ note }) => note).filter((note) => note !== ''));
  const note = [...notes].join('; ');
  if (note.length > longestNote)
    throw new StintError(
      'invalid_input',
      `the notes together have ${note.length} characters, and a note has at most ${longestNote}; shorten them first`,
      { field: 'timeEntryIds' },
    );
  const { timeEntryId } = first;
  await rearrange(
    seat,
    {
      kind: 'merge',
      changes: [
        { timeEntryId, patch: { endedAt, note }, seen: toSeen(first) },
        ...others.map((entry) => ({
          timeEntryId: entry.timeEntryId,
          patch: {},
          seen: toSeen(entry),
          deleted: true,
        })),
      ],
      additions: [],
    },
    first.taskTitle,
  );
  const merged = await getTimeEntry(seat, timeEntryId);
  return {
    entries: [merged],
    undo: {
      kind: 'undo',
      changes: [
        { timeEntryId, patch: toSeen(first), seen: toSeen(merged) },
        ...others.map((entry) => ({
          timeEntryId: entry.timeEntryId,
          patch: {},
          seen: {},
          deleted: false,
        })),
      ],
      additions: [],
    },
  };
}

export const rearrangeHandlers = {
  'hours.split': split,
  'hours.merge': merge,
  'hours.rearrange': async ({ seatId, undo }, workspace) => {
    await rearrange(getSeat(workspace, seatId), undo, 'Recorded time');
    return {};
  },
  'hours.history': async ({ seatId, timeEntryId }, workspace) =>
    loadEntryEvents(getSeat(workspace, seatId), timeEntryId),
} satisfies HandlersOf<RearrangeRequests>;
