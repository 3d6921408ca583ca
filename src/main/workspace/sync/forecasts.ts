import { sql, type Transaction } from 'kysely';
import { isDomainTable } from '../../../shared/database/domain-tables.ts';
import { StintError } from '../../../shared/errors.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import { runMutation } from '../../../shared/mutations/run-mutation.ts';
import { forecastStates, type OutboxRow, type SeatDatabase } from '../database/seat-tables.ts';
import { SeatMutationStore } from '../seats/seat-mutation-store.ts';
import type { Seat } from '../seats/seat.ts';
import {
  type AffectedForecasts,
  type ForecastsEnd,
  findAffectedForecasts,
  listKnownTouches,
  type MadeAnew,
  meetsOthers,
} from './affected-forecasts.ts';
import { computeRowKey, type RowReference } from './row-reference.ts';
import { getRowWriter } from './row-writer.ts';
import { loadServedRows, rowsPerQuestion } from './served-rows.ts';
import { Turns } from './turns.ts';

/**
 * SY-11: all that this device forecast is taken back, the server's state goes in, and what is still pending is
 * replayed on top. `change` runs in between, inside the same transaction; it may end forecasts (settle,
 * refuse, hold), begin others, and write mirrored rows.
 */
export async function applyBeneathForecasts(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  change: () => Promise<void>,
): Promise<void> {
  const turns = new Turns(() => seat.clock.monotonicMs());
  await takeBackAll(seat, tx, turns);
  await change();
  await replayAll(seat, tx, turns);
}

/**
 * The same outcome, for a change of which it is known what it comes to (the mirrored rows that `change` writes, whole,
 * and the mutations whose state says by now that their forecast has ended): only the forecasts that have to do with
 * it are taken back and made anew, so that ten thousand waiting changes don't slow down a page of other rows.
 */
export async function applyBeneathAffected(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  known: ForecastsEnd,
  change: () => Promise<void>,
): Promise<void> {
  if (known.ended.length === 0 && !(await hasForecasts(tx))) return change();
  const turns = new Turns(() => seat.clock.monotonicMs());
  const { connection } = seat.opened;
  const affected = await findAffectedForecasts(connection, known, turns);
  await takeBack(seat, affected, new Set(known.changed.map(computeRowKey)), turns);
  await change();
  for (const row of await listForecastRows(tx, affected.mutationIds)) {
    const knownTouches = listKnownTouches(connection, row.id);
    const made = await replay(seat, tx, row);
    if (meetsOthers(connection, made, knownTouches, affected)) {
      await takeBackAll(seat, tx, turns);
      await replayAll(seat, tx, turns);
      return;
    }
    await turns.pass();
  }
}

async function hasForecasts(tx: Transaction<SeatDatabase>): Promise<boolean> {
  const found = await tx
    .selectFrom('outboxStates')
    .select('mutationId')
    .where('state', 'in', [...forecastStates])
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** Each row that these wrote becomes what it was before the first of them; those in `replaced` are written anyway. */
async function takeBack(
  seat: Seat,
  { mutationIds, writtenRows }: AffectedForecasts,
  replaced: ReadonlySet<string>,
  turns: Turns,
): Promise<void> {
  const { connection } = seat.opened;
  const findBefore = connection
    .prepare<unknown[], string | null>(
      `select "beforeJson" from "undo" where "tableName" = ? and "rowId" = ? order by "undoId" limit 1`,
    )
    .pluck();
  for (const [key, { tableName, rowId }] of writtenRows) {
    if (replaced.has(key)) continue;
    restoreRow(seat, tableName, rowId, findBefore.get(tableName, rowId) ?? null);
    await turns.pass();
  }
  const forget = connection.prepare(
    `delete from "undo" where "mutationId" in (select "value" from json_each(?))`,
  );
  const forgotten = [...mutationIds];
  while (forgotten.length > 0) {
    forget.run(JSON.stringify(forgotten.splice(-rowsPerQuestion)));
    await turns.pass();
  }
}

async function takeBackAll(seat: Seat, tx: Transaction<SeatDatabase>, turns: Turns): Promise<void> {
  // Of several forecasts of one row, the first knows what was there before any of them.
  const earliest = await sql<{ tableName: string; rowId: string; beforeJson: string | null }>`
    select "tableName", "rowId", "beforeJson" from "undo"
    where "undoId" in (select min("undoId") from "undo" group by "tableName", "rowId")`.execute(tx);
  for (const { tableName, rowId, beforeJson } of earliest.rows) {
    restoreRow(seat, tableName, rowId, beforeJson);
    await turns.pass();
  }
  await tx.deleteFrom('undo').execute();
}

function restoreRow(seat: Seat, table: string, id: string, beforeJson: string | null): void {
  if (!isDomainTable(table)) return;
  const writer = getRowWriter(seat.opened.connection, table);
  if (beforeJson === null) writer.remove(seat.record.orgId, id);
  else writer.write(JSON.parse(beforeJson));
}

/** As JSON; null for none. */
function readRow(seat: Seat, { tableName, rowId }: RowReference): string | null {
  if (!isDomainTable(tableName)) return null;
  const row = seat.opened.connection
    .prepare(`select * from "${tableName}" where "orgId" = ? and "id" = ?`)
    .get(seat.record.orgId, rowId);
  return row === undefined ? null : JSON.stringify(row);
}

/** By what they are named by, whatever else waits: `cross join` keeps the order of the loops. */
async function listForecastRows(
  tx: Transaction<SeatDatabase>,
  mutationIds: ReadonlySet<string>,
): Promise<OutboxRow[]> {
  if (mutationIds.size === 0) return [];
  const found = await sql<OutboxRow>`
    select "outbox".* from json_each(${JSON.stringify([...mutationIds])}) as "named"
    cross join "outbox" on "outbox"."id" = "named"."value"
    cross join "outboxStates" on "outboxStates"."mutationId" = "outbox"."id"
    where "outboxStates"."state" in (${sql.join(forecastStates)})
    order by "outbox"."deviceSeq"`.execute(tx);
  return found.rows;
}

async function replayAll(seat: Seat, tx: Transaction<SeatDatabase>, turns: Turns): Promise<void> {
  const rows = await tx
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .selectAll('outbox')
    .where('outboxStates.state', 'in', [...forecastStates])
    .orderBy('outbox.deviceSeq')
    .execute();
  for (const row of rows) {
    await replay(seat, tx, row);
    await turns.pass();
  }
}

/**
 * A forecast that the newest server state refuses is not shown; the server has the last word all the same. Rows that came
 * with what this mutation did to them lie as they were before it while it is replayed, and then again as they came.
 */
async function replay(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  row: OutboxRow,
): Promise<MadeAnew> {
  await sql.raw('savepoint "replay"').execute(tx);
  let problem: string | null = null;
  const served = loadServedRows(seat.opened.connection, row.id);
  const store = new SeatMutationStore(tx, seat.record.orgId, new Set(served.map(computeRowKey)));
  try {
    const asServed = served.map((known) => readRow(seat, known));
    for (const { tableName, rowId, beforeJson } of served)
      restoreRow(seat, tableName, rowId, beforeJson);
    const definition = findMutation(row.name, row.version);
    if (definition === undefined)
      throw new StintError('protocol_unsupported', `unknown change ${row.name}@${row.version}`);
    await runMutation(definition, store, JSON.parse(row.argsJson), seat.computeContext(row));
    for (const [index, { tableName, rowId }] of served.entries())
      restoreRow(seat, tableName, rowId, asServed[index] ?? null);
    await store.saveTrace(row.id);
    await sql.raw('release "replay"').execute(tx);
  } catch (error) {
    await sql.raw('rollback to "replay"').execute(tx);
    await sql.raw('release "replay"').execute(tx);
    if (!(error instanceof StintError)) throw error;
    // What is there already came another way (a copy of this device sent it): only the server's answer is missing.
    problem = error.code === 'conflict' ? null : error.message;
    // What it read says when it is worth another try.
    await store.saveReads(row.id);
  }
  await tx
    .updateTable('outboxStates')
    .set({ replayProblem: problem })
    .where('mutationId', '=', row.id)
    .where('replayProblem', 'is not', problem)
    .execute();
  const written = problem === null ? store.listWrittenRows() : [];
  const writtenKeys = new Set(
    written.map(({ table, id }) => computeRowKey({ tableName: table, rowId: id })),
  );
  return { touches: store.listTouches(), writtenKeys };
}
