import { sql, type Transaction } from 'kysely';
import type { PullResponse } from '../../../shared/protocol/pull.ts';
import type { OpenedDatabase } from '../database/open-database.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import { computeRowKey, type RowReference } from './row-reference.ts';
import { hasWritten, rowsPerQuestion } from './served-rows.ts';
import type { Turns } from './turns.ts';

/**
 * SY-12: settles the mutations whose effect has come back. With a page that is not the last, those that every
 * scope has reached and whose forecast wrote only rows which this page brings: of any other, a row that someone
 * changed later may still be on its way, and would vanish until then. With the last page, all that are reached.
 *
 * Others have their turn in between: months of work may settle at once.
 *
 * @returns their ids.
 */
export async function settleReturned(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  page: PullResponse,
  turns: Turns,
): Promise<string[]> {
  const settled = page.complete
    ? await listReached(tx, page.head.seq)
    : await listBroughtBack(seat.opened.connection, page, turns);
  for (let start = 0; start < settled.length; start += sliceLength) {
    const idsJson = JSON.stringify(settled.slice(start, start + sliceLength));
    await sql`
      update "outboxStates" set "state" = 'settled'
      where "mutationId" in (select "value" from json_each(${idsJson}))`.execute(tx);
    // What it read matters to a forecast alone; what it created, also to what is sent again (SY-15).
    await sql`
      delete from "outboxTouches" where "creates" = 0
      and "mutationId" in (select "value" from json_each(${idsJson}))`.execute(tx);
    await sql`
      delete from "servedRows"
      where "mutationId" in (select "value" from json_each(${idsJson}))`.execute(tx);
    await turns.pass();
  }
  return settled;
}

/** So many mutations are settled in a few milliseconds. */
const sliceLength = 500;

async function listReached(tx: Transaction<SeatDatabase>, reachedSeq: number): Promise<string[]> {
  const reached = await tx
    .selectFrom('outboxStates')
    .select('mutationId')
    .where('state', '=', 'applied')
    .where((where) => where.or([where('seq', 'is', null), where('seq', '<=', reachedSeq)]))
    .execute();
  return reached.map(({ mutationId }) => mutationId);
}

/** Of those who wrote rows of this page: who wrote nothing else. Only they are looked at, however many wait. */
async function listBroughtBack(
  connection: OpenedDatabase<SeatDatabase>['connection'],
  page: PullResponse,
  turns: Turns,
): Promise<string[]> {
  if (!hasWritten(connection)) return [];
  const reachedSeq = Math.min(...page.scopes.map(({ seq }) => seq), page.head.seq);
  const findWriters = connection
    .prepare<unknown[], string>(
      `select distinct "undo"."mutationId" from json_each(?) as "coming"
       cross join "undo" on "undo"."tableName" = "coming"."value" ->> 0 and "undo"."rowId" = "coming"."value" ->> 1
       cross join "outboxStates" on "outboxStates"."mutationId" = "undo"."mutationId"
       where "state" = 'applied' and ("seq" is null or "seq" <= ?)`,
    )
    .pluck();
  const findWritten = connection.prepare<unknown[], RowReference & { readonly mutationId: string }>(
    `select "mutationId", "tableName", "rowId" from "undo"
     where "mutationId" in (select "value" from json_each(?))`,
  );
  const brought = new Set<string>();
  const writers = new Set<string>();
  for (let start = 0; start < page.rows.length; start += rowsPerQuestion) {
    const references = page.rows
      .slice(start, start + rowsPerQuestion)
      .map(({ table, row }) => ({ tableName: table, rowId: String(row['id']) }));
    for (const reference of references) brought.add(computeRowKey(reference));
    const named = references.map(({ tableName, rowId }) => [tableName, rowId]);
    for (const id of findWriters.all(JSON.stringify(named), reachedSeq)) writers.add(id);
    await turns.pass();
  }
  const settled: string[] = [];
  const ids = [...writers];
  for (let start = 0; start < ids.length; start += rowsPerQuestion) {
    const asked = ids.slice(start, start + rowsPerQuestion);
    const others = new Set(
      findWritten
        .all(JSON.stringify(asked))
        .filter((row) => !brought.has(computeRowKey(row)))
        .map(({ mutationId }) => mutationId),
    );
    settled.push(...asked.filter((id) => !others.has(id)));
    await turns.pass();
  }
  return settled;
}
