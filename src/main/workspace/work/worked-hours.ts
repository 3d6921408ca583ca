import { sql, type Transaction } from 'kysely';
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

interface SumsInTheMaking {
  readonly byEngagement: Map<string, WorkedHours>;
  readonly tasksByEngagement: Map<string, ReadonlyMap<string, number>>;
  readonly longestByEngagement: Map<string, number>;
}

const keptBySeat = new WeakMap<Seat, KeptHours>();

/** `or ignore` would be overruled by a statement with a conflict clause of its own (sqlite.org/lang_createtrigger.html). */
const put = (row: 'new' | 'old') =>
  `insert into "changedHours" values (${row}."engagementId") on conflict do nothing;`;

/**
 * They note the engagements whose stretches change, whatever changes them, in the change's own transaction: what is rolled
 * back was not noted. Table and triggers are the connection's own, and gone with it.
 */
const noting: readonly string[] = [
  `create temp table "changedHours" ("engagementId" text primary key) without rowid`,
  `create temp trigger "hoursInserted" after insert on main."timeEntries" begin ${put('new')} end`,
  `create temp trigger "hoursDeleted" after delete on main."timeEntries" begin ${put('old')} end`,
  `create temp trigger "hoursUpdated"
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
  // Nothing but the connection's own tables is written.
  return seat.db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      const known = keptBySeat.get(seat);
      if (known === undefined) {
        for (const statement of noting) await sql.raw(statement).execute(tx);
        await yieldToOthers();
        const all = await listEngagements(tx, 'timeEntries');
        await yieldToOthers();
        const kept = await addUp(seat, tx, all);
        keptBySeat.set(seat, kept);
        return kept;
      }
      const changed = await listEngagements(tx, 'changedHours');
      if (changed.length === 0) return known;
      const anew = await addUp(seat, tx, changed);
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

async function listEngagements(
  tx: Transaction<SeatDatabase>,
  table: 'timeEntries' | 'changedHours',
): Promise<string[]> {
  const { rows } = await sql<{
    engagementId: string;
  }>`select distinct "engagementId" from ${sql.table(table)}`.execute(tx);
  return rows.map(({ engagementId }) => engagementId);
}

/** A thousand entries or two: a few milliseconds, after which others have their turn. */
const engagementsAtOnce = 5;

async function addUp(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  engagementIds: readonly string[],
): Promise<KeptHours> {
  const turns = new Turns(() => seat.clock.monotonicMs());
  const byEngagement = new Map<string, WorkedHours>();
  const tasksByEngagement = new Map<string, ReadonlyMap<string, number>>();
  const longestByEngagement = new Map<string, number>();
  for (let start = 0; start < engagementIds.length; start += engagementsAtOnce) {
    const idsJson = JSON.stringify(engagementIds.slice(start, start + engagementsAtOnce));
    await addUpSlice(seat, tx, idsJson, { byEngagement, tasksByEngagement, longestByEngagement });
    await turns.pass();
  }
  return { byEngagement, tasksByEngagement, longestByEngagement };
}

/**
 * The database follows the stretches by their beginning, and counts of each what lies beyond the furthest end so far.
 */
async function addUpSlice(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  idsJson: string,
  { byEngagement, tasksByEngagement, longestByEngagement }: SumsInTheMaking,
): Promise<void> {
  const stretches = sql`(
    select "engagementId", "taskId",
      unixepoch("startedAt", 'subsec') as "began", unixepoch("endedAt", 'subsec') as "until"
    from "timeEntries" where "orgId" = ${seat.record.orgId} and "deletedAt" is null
      and "engagementId" in (select "value" from json_each(${idsJson})))`;
  const engagements = await sql<WorkedHours & { engagementId: string; longest: number }>`
    select "engagementId",
      cast(ceil(max("until" - "began")) as integer) as "longest",
      cast(round(sum("until" - "began")) as integer) as "workedSeconds",
      cast(round(sum(max(0, "until" - max("began", coalesce("reached", "began"))))) as integer) as "coveredSeconds"
    from (
      select "engagementId", "began", "until",
        max("until") over (partition by "engagementId" order by "began", "until"
          rows between unbounded preceding and 1 preceding) as "reached"
      from ${stretches})
    group by "engagementId"`.execute(tx);
  for (const { engagementId, longest, ...hours } of engagements.rows) {
    byEngagement.set(engagementId, hours);
    longestByEngagement.set(engagementId, longest);
  }
  const tasks = await sql<{ engagementId: string; taskId: string; seconds: number }>`
    select "engagementId", "taskId", cast(round(sum("until" - "began")) as integer) as "seconds"
    from ${stretches} group by "engagementId", "taskId"`.execute(tx);
  for (const [engagementId, rows] of Map.groupBy(tasks.rows, (row) => row.engagementId))
    tasksByEngagement.set(
      engagementId,
      new Map(rows.map(({ taskId, seconds }) => [taskId, seconds])),
    );
}
