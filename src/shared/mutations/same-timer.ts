import type { Kysely } from 'kysely';
import type { DomainDatabase } from '../database/domain-tables.ts';
import { computeDerivedId } from '../domain/derived-id.ts';
import { computeEpochMs, type Sha256Hex } from '../ports.ts';

/**
 * A timer that ran when a workspace was copied runs in each of the copies (SY-16), and goes on in them under ids that
 * show by themselves what they came from and when: whatever the copies record, each moment counts once.
 */

/** The entry as which a timer goes on from an instant, or counts a stretch that begins then. */
export const computeNextTimerId = (
  timeEntryId: string,
  startedAt: string,
  sha256Hex: Sha256Hex,
): string => computeDerivedId(timeEntryId, `from/${startedAt}`, sha256Hex);

export interface Times {
  readonly startedAt: string;
  readonly endedAt: string;
}

interface RecordedStretch extends Times {
  readonly timeEntryId: string;
  readonly note: string;
}

/** Whose timer it was, and what tells which entries it has become. */
export interface TimerOrigin {
  readonly orgId: string;
  readonly membershipId: string;
  readonly engagementId: string;
  readonly sha256Hex: Sha256Hex;
  /** Further ids of the same timer. */
  readonly cameFrom?: readonly string[];
  /** Also what was cut off or deleted since is not recorded again under its id: somebody decided on it. */
  readonly keepsDecisions?: boolean;
}

export interface Unrecorded<Stretch> {
  /** In order, each under an id that is free. */
  readonly stretches: readonly Stretch[];
  /** Nothing is left, and there were words that stand on none of the entries. */
  readonly losesNote: boolean;
}

/**
 * What is left to record of a timer's stretches, of one or more seconds each, where entries that the same timer has become
 * hold some of it.
 */
export async function takeOutRecorded<Stretch extends RecordedStretch>(
  db: Kysely<DomainDatabase>,
  origin: TimerOrigin,
  stretches: readonly Stretch[],
): Promise<Unrecorded<Stretch>> {
  const [first] = stretches;
  if (first === undefined || !(await isNearRecorded(db, origin, stretches)))
    return { stretches, losesNote: false };
  const entries = await loadEntries(db, origin);
  const recorded = findSameTimer(entries, origin, stretches);
  const ids = new Set(stretches.map(({ timeEntryId }) => timeEntryId));
  const taken = recorded.flatMap((entry) => [
    ...(entry.deletedAt === null ? [entry] : []),
    ...(origin.keepsDecisions === true && ids.has(entry.id) ? [entry.atFirst] : []),
  ]);
  const isTaken = new Set(entries.map(({ id }) => id));
  const left = stretches.flatMap((stretch) =>
    subtractAll(stretch, taken).map((times) => {
      const isFree = !isTaken.has(stretch.timeEntryId);
      const timeEntryId = isFree
        ? stretch.timeEntryId
        : computeNextTimerId(stretch.timeEntryId, times.startedAt, origin.sha256Hex);
      isTaken.add(timeEntryId);
      return { ...stretch, ...times, timeEntryId };
    }),
  );
  const notes = new Set(['', ...recorded.map(({ note }) => note)]);
  return {
    stretches: left,
    losesNote: left.length === 0 && stretches.some(({ note }) => !notes.has(note)),
  };
}

function selectEntries(
  db: Kysely<DomainDatabase>,
  { orgId, membershipId, engagementId }: TimerOrigin,
) {
  return db
    .selectFrom('timeEntries')
    .select(['id', 'startedAt', 'endedAt', 'note', 'deletedAt'])
    .where('orgId', '=', orgId)
    .where('engagementId', '=', engagementId)
    .where('membershipId', '=', membershipId)
    .where('source', '=', 'timer');
}

/** Whether the person's timers have recorded any of the time, or anything under the ids; as good as always they have not. */
async function isNearRecorded(
  db: Kysely<DomainDatabase>,
  origin: TimerOrigin,
  stretches: readonly RecordedStretch[],
): Promise<boolean> {
  const starts = stretches.map(({ startedAt }) => startedAt).toSorted();
  const ends = stretches.map(({ endedAt }) => endedAt).toSorted();
  const ids = stretches.map(({ timeEntryId }) => timeEntryId);
  const near = await selectEntries(db, origin)
    .where(({ and, or, eb }) =>
      or([
        eb('id', 'in', ids),
        and([
          eb('deletedAt', 'is', null),
          eb('startedAt', '<', ends.at(-1) ?? ''),
          eb('endedAt', '>', starts[0] ?? ''),
        ]),
      ]),
    )
    .limit(1)
    .execute();
  return near.length > 0;
}

interface Entry extends Times {
  readonly id: string;
  readonly note: string;
  readonly deletedAt: string | null;
  /** Before anybody changed it. */
  readonly atFirst: Times;
}

async function loadEntries(db: Kysely<DomainDatabase>, origin: TimerOrigin): Promise<Entry[]> {
  const rows = await selectEntries(db, origin).orderBy('startedAt').orderBy('id').execute();
  const findFirst = await loadFirstTimes(
    db,
    origin.orgId,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, atFirst: findFirst(row) }));
}

/** When entries began and ended before anybody changed them. */
export async function loadFirstTimes(
  db: Kysely<DomainDatabase>,
  orgId: string,
  ids: readonly string[],
): Promise<(entry: Times & { readonly id: string }) => Times> {
  const edits = await db
    .selectFrom('fieldEdits')
    .select(['rowId', 'field', 'previousJson'])
    .where('orgId', '=', orgId)
    .where('tableName', '=', 'timeEntries')
    .where('rowId', 'in', ids)
    .where('field', 'in', ['startedAt', 'endedAt'])
    .orderBy('editedAt')
    .orderBy('id')
    .execute();
  return ({ id, startedAt, endedAt }) => {
    const findFirst = (wanted: string): string | undefined => {
      const edit = edits.find(({ rowId, field }) => rowId === id && field === wanted);
      return edit === undefined ? undefined : (JSON.parse(edit.previousJson) as string);
    };
    return {
      startedAt: findFirst('startedAt') ?? startedAt,
      endedAt: findFirst('endedAt') ?? endedAt,
    };
  };
}

interface Link {
  readonly id: string;
  /** Unknown of what the timer came from. */
  readonly startedAt: string | undefined;
}

/** The entries that the timer of these stretches has become in any of the copies. */
function findSameTimer(
  entries: readonly Entry[],
  { sha256Hex, cameFrom = [] }: TimerOrigin,
  stretches: readonly RecordedStretch[],
): Entry[] {
  const isNext = (from: Link, to: Link): boolean =>
    to.startedAt !== undefined && computeNextTimerId(from.id, to.startedAt, sha256Hex) === to.id;
  const line: Link[] = [
    ...stretches.map(({ timeEntryId: id, startedAt }) => ({ id, startedAt })),
    ...cameFrom.map((id) => ({ id, startedAt: undefined })),
  ];
  const found: Entry[] = [];
  let others = entries;
  // What is found is gone through as well.
  for (const link of line) {
    const rest: Entry[] = [];
    for (const entry of others) {
      const own = { id: entry.id, startedAt: entry.atFirst.startedAt };
      if (own.id !== link.id && !isNext(link, own) && !isNext(own, link)) rest.push(entry);
      else {
        found.push(entry);
        line.push(own);
      }
    }
    others = rest;
  }
  return found;
}

function subtractAll(times: Times, taken: readonly Times[]): Times[] {
  let rest: Times[] = [{ startedAt: times.startedAt, endedAt: times.endedAt }];
  for (const each of taken) rest = rest.flatMap((part) => subtract(part, each));
  return rest;
}

/** What is left of a part; less than a second is nothing. */
function subtract(part: Times, taken: Times): Times[] {
  if (taken.endedAt <= part.startedAt || taken.startedAt >= part.endedAt) return [part];
  return [
    { startedAt: part.startedAt, endedAt: taken.startedAt },
    { startedAt: taken.endedAt, endedAt: part.endedAt },
  ].filter(({ startedAt, endedAt }) => computeEpochMs(endedAt) - computeEpochMs(startedAt) >= 1000);
}
