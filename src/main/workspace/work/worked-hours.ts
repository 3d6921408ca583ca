import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { computeSpannedSeconds, type Span } from '../../../shared/domain/worked-time.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import { Turns, yieldToOthers } from '../sync/turns.ts';

/** Of an engagement, in whole seconds. */
export interface WorkedHours {
  /** The sum of the stretches; where they overlap, the overlap counts once for each. */
  readonly workedSeconds: number;
  /** The time that they cover: overlaps once. */
  readonly coveredSeconds: number;
}

export const noHours: WorkedHours = { workedSeconds: 0, coveredSeconds: 0 };

interface KeptHours {
  readonly byEngagement: ReadonlyMap<string, WorkedHours>;
  /** The sums of an engagement's tasks. */
  readonly tasksByEngagement: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The longest stretch of each engagement, in whole seconds, rounded up. */
  readonly longestByEngagement: ReadonlyMap<string, number>;
}

/** What an engagement's stretches are added up from. */
interface Gathered {
  readonly spans: Span[];
  readonly msByTask: Map<string, number>;
}

interface StretchRow {
  readonly number: number;
  readonly engagementId: string;
  readonly taskId: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

type Queries = Kysely<SeatDatabase> | Transaction<SeatDatabase>;

const noneKept: KeptHours = {
  byEngagement: new Map(),
  tasksByEngagement: new Map(),
  longestByEngagement: new Map(),
};
const keptBySeat = new WeakMap<Seat, KeptHours>();
const firstReadings = new WeakMap<Seat, Promise<KeptHours>>();

/** `or ignore` would be overruled by a statement with a conflict clause of its own (sqlite.org/lang_createtrigger.html). */
const put = (row: 'new' | 'old') =>
  `insert into "changedHours" values (${row}."engagementId") on conflict do nothing;`;

/**
 * They note the engagements whose stretches change, whatever changes them, in the change's own transaction: what is rolled
 * back was not noted. Table and triggers are the connection's own, and gone with it.
 */
const noting: readonly string[] = [
  `create temp table if not exists "changedHours" ("engagementId" text primary key) without rowid`,
  `create temp trigger if not exists "hoursInserted" after insert on main."timeEntries" begin ${put('new')} end`,
  `create temp trigger if not exists "hoursDeleted" after delete on main."timeEntries" begin ${put('old')} end`,
  `create temp trigger if not exists "hoursUpdated"
    after update of "engagementId", "taskId", "startedAt", "endedAt", "deletedAt" on main."timeEntries"
    begin ${put('old')} ${put('new')} end`,
];

/**
 * The hours of each engagement that has any, by its id. They are added up again only where stretches changed: a year of
 * everybody's takes longer than a list may.
 */
export async function loadWorkedHours(seat: Seat): Promise<ReadonlyMap<string, WorkedHours>> {
  return (await loadKept(seat)).byEngagement;
}

/** The sum of each task's stretches in whole seconds, by the task's id. */
export async function loadWorkedSecondsOfAllTasks(
  seat: Seat,
): Promise<ReadonlyMap<string, number>> {
  const { tasksByEngagement } = await loadKept(seat);
  const all = new Map<string, number>();
  for (const tasks of tasksByEngagement.values())
    for (const [taskId, seconds] of tasks) all.set(taskId, seconds);
  return all;
}

/**
 * The longest of all stretches, in whole seconds, rounded up; 0 without any. What reaches into a window began at most so
 * long before it, which an index finds; that it ends within or after the window, none does.
 */
export async function loadLongestSeconds(seat: Seat): Promise<number> {
  const { longestByEngagement } = await loadKept(seat);
  let longest = 0;
  for (const seconds of longestByEngagement.values()) longest = Math.max(longest, seconds);
  return longest;
}

async function loadKept(seat: Seat): Promise<KeptHours> {
  if (!keptBySeat.has(seat)) await readFirst(seat);
  // Nothing but the connection's own tables is written.
  return seat.db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      const known = keptBySeat.get(seat) ?? noneKept;
      const changed = await listChanged(tx);
      if (changed.length === 0) return known;
      const anew = await addUpEngagements(seat, tx, changed);
      // Whoever was given the earlier sums goes on with them.
      const byEngagement = new Map(known.byEngagement);
      const tasksByEngagement = new Map(known.tasksByEngagement);
      const longestByEngagement = new Map(known.longestByEngagement);
      for (const engagementId of changed) {
        byEngagement.delete(engagementId);
        tasksByEngagement.delete(engagementId);
        longestByEngagement.delete(engagementId);
      }
      for (const [id, hours] of anew.byEngagement) byEngagement.set(id, hours);
      for (const [id, tasks] of anew.tasksByEngagement) tasksByEngagement.set(id, tasks);
      for (const [id, seconds] of anew.longestByEngagement) longestByEngagement.set(id, seconds);
      await sql`delete from "changedHours"`.execute(tx);
      const kept = { byEngagement, tasksByEngagement, longestByEngagement };
      keptBySeat.set(seat, kept);
      return kept;
    });
}

/** Once for all who ask meanwhile. */
async function readFirst(seat: Seat): Promise<void> {
  const reading = firstReadings.get(seat) ?? addUpAll(seat);
  firstReadings.set(seat, reading);
  try {
    const kept = await reading;
    if (!keptBySeat.has(seat)) keptBySeat.set(seat, kept);
  } finally {
    firstReadings.delete(seat);
  }
}

/** A few milliseconds, after which others have their turn. */
const rowsAtOnce = 1000;
const engagementsAtOnce = 5;

/**
 * In the order in which the rows lie in the file, which takes a third of the time that looking for each engagement's takes.
 * Others may change rows in between: that is noted before the first is read, and added up anew after the last.
 */
async function addUpAll(seat: Seat): Promise<KeptHours> {
  await seat.db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      for (const statement of noting) await sql.raw(statement).execute(tx);
    });
  const gathered = new Map<string, Gathered>();
  for (let last = 0; ;) {
    const rows = await listStretches(
      seat.db,
      sql`"rowid" > ${last} order by "rowid" limit ${rowsAtOnce}`,
    );
    gather(gathered, rows);
    await yieldToOthers();
    const { number } = rows.at(-1) ?? {};
    if (number === undefined) break;
    last = number;
  }
  return await addUp(gathered, new Turns(() => seat.clock.monotonicMs()));
}

async function addUpEngagements(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  engagementIds: readonly string[],
): Promise<KeptHours> {
  const turns = new Turns(() => seat.clock.monotonicMs());
  const gathered = new Map<string, Gathered>();
  for (let start = 0; start < engagementIds.length; start += engagementsAtOnce) {
    const idsJson = JSON.stringify(engagementIds.slice(start, start + engagementsAtOnce));
    gather(
      gathered,
      await listStretches(tx, sql`"engagementId" in (select "value" from json_each(${idsJson}))`),
    );
    await turns.pass();
  }
  return await addUp(gathered, turns);
}

async function listChanged(tx: Transaction<SeatDatabase>): Promise<string[]> {
  const { rows } = await sql<{
    engagementId: string;
  }>`select "engagementId" from "changedHours"`.execute(tx);
  return rows.map(({ engagementId }) => engagementId);
}

async function listStretches(
  db: Queries,
  which: RawBuilder<unknown>,
): Promise<readonly StretchRow[]> {
  const { rows } = await sql<StretchRow>`
    select "rowid" as "number", "engagementId", "taskId", "startedAt", "endedAt"
    from "timeEntries" where "deletedAt" is null and ${which}`.execute(db);
  return rows;
}

function gather(gathered: Map<string, Gathered>, rows: readonly StretchRow[]): void {
  for (const { engagementId, taskId, startedAt, endedAt } of rows) {
    let of = gathered.get(engagementId);
    if (of === undefined) gathered.set(engagementId, (of = { spans: [], msByTask: new Map() }));
    const span: Span = [computeEpochMs(startedAt), computeEpochMs(endedAt)];
    of.spans.push(span);
    of.msByTask.set(taskId, (of.msByTask.get(taskId) ?? 0) + span[1] - span[0]);
  }
}

async function addUp(gathered: ReadonlyMap<string, Gathered>, turns: Turns): Promise<KeptHours> {
  const byEngagement = new Map<string, WorkedHours>();
  const tasksByEngagement = new Map<string, ReadonlyMap<string, number>>();
  const longestByEngagement = new Map<string, number>();
  for (const [engagementId, { spans, msByTask }] of gathered) {
    let totalMs = 0;
    let longestMs = 0;
    for (const [began, until] of spans) {
      totalMs += until - began;
      longestMs = Math.max(longestMs, until - began);
    }
    byEngagement.set(engagementId, {
      workedSeconds: Math.round(totalMs / 1000),
      coveredSeconds: computeSpannedSeconds(spans),
    });
    longestByEngagement.set(engagementId, Math.ceil(longestMs / 1000));
    const tasks = [...msByTask].map(([id, ms]) => [id, Math.round(ms / 1000)] as const);
    tasksByEngagement.set(engagementId, new Map(tasks));
    await turns.pass();
  }
  return { byEngagement, tasksByEngagement, longestByEngagement };
}
