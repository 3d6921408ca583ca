import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';

/** Of an engagement, in whole seconds. */
export interface WorkedHours {
  /** The sum of the stretches; where they overlap, the overlap counts once for each. */
  readonly workedSeconds: number;
  /** The time that they cover: overlaps once. */
  readonly coveredSeconds: number;
}

export const noHours: WorkedHours = { workedSeconds: 0, coveredSeconds: 0 };

interface KeptHours {
  readonly byEngagement: Map<string, WorkedHours>;
  /** The sums of an engagement's tasks. */
  readonly tasksByEngagement: Map<string, ReadonlyMap<string, number>>;
}

const keptBySeat = new WeakMap<Seat, KeptHours>();

const put = (row: 'new' | 'old') =>
  `insert or ignore into "changedHours" values (${row}."engagementId");`;

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

async function loadKept(seat: Seat): Promise<KeptHours> {
  // Nothing but the connection's own tables is written.
  return seat.db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      const known = keptBySeat.get(seat);
      if (known === undefined) {
        for (const statement of noting) await sql.raw(statement).execute(tx);
        const kept = { byEngagement: new Map(), tasksByEngagement: new Map() };
        await addUp(seat, tx, kept, sql`true`);
        keptBySeat.set(seat, kept);
        return kept;
      }
      const changed = await sql<{
        engagementId: string;
      }>`select "engagementId" from "changedHours"`.execute(tx);
      if (changed.rows.length === 0) return known;
      for (const { engagementId } of changed.rows) {
        known.byEngagement.delete(engagementId);
        known.tasksByEngagement.delete(engagementId);
      }
      await addUp(
        seat,
        tx,
        known,
        sql`"engagementId" in (select "engagementId" from "changedHours")`,
      );
      await sql`delete from "changedHours"`.execute(tx);
      return known;
    });
}

/**
 * The database follows the stretches by their beginning, and counts of each what lies beyond the furthest end so far.
 */
async function addUp(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  kept: KeptHours,
  which: RawBuilder<unknown>,
): Promise<void> {
  const stretches = sql`(
    select "engagementId", "taskId",
      unixepoch("startedAt", 'subsec') as "began", unixepoch("endedAt", 'subsec') as "until"
    from "timeEntries" where "orgId" = ${seat.record.orgId} and "deletedAt" is null and ${which})`;
  const engagements = await sql<WorkedHours & { engagementId: string }>`
    select "engagementId",
      cast(round(sum("until" - "began")) as integer) as "workedSeconds",
      cast(round(sum(max(0, "until" - max("began", coalesce("reached", "began"))))) as integer) as "coveredSeconds"
    from (
      select "engagementId", "began", "until",
        max("until") over (partition by "engagementId" order by "began", "until"
          rows between unbounded preceding and 1 preceding) as "reached"
      from ${stretches})
    group by "engagementId"`.execute(tx);
  for (const { engagementId, ...hours } of engagements.rows)
    kept.byEngagement.set(engagementId, hours);
  const tasks = await sql<{ engagementId: string; taskId: string; seconds: number }>`
    select "engagementId", "taskId", cast(round(sum("until" - "began")) as integer) as "seconds"
    from ${stretches} group by "engagementId", "taskId"`.execute(tx);
  for (const [engagementId, rows] of Map.groupBy(tasks.rows, (row) => row.engagementId))
    kept.tasksByEngagement.set(
      engagementId,
      new Map(rows.map(({ taskId, seconds }) => [taskId, seconds])),
    );
}
