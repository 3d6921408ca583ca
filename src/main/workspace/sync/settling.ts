import { sql, type Transaction } from 'kysely';
import type { PullResponse } from '../../../shared/protocol/pull.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';

/**
 * SY-12: settles the mutations whose effect has come back. With a page that is not the last, those that every
 * scope has reached and whose forecast wrote only rows which this page brings: of any other, a row that someone
 * changed later may still be on its way, and would vanish until then. With the last page, all that are reached.
 *
 * @returns their ids.
 */
export async function settleReturned(
  tx: Transaction<SeatDatabase>,
  page: PullResponse,
): Promise<string[]> {
  const reachedSeq = page.complete
    ? page.head.seq
    : Math.min(...page.scopes.map(({ seq }) => seq), page.head.seq);
  const reached = await tx
    .selectFrom('outboxStates')
    .select('mutationId')
    .where('state', '=', 'applied')
    .where((where) => where.or([where('seq', 'is', null), where('seq', '<=', reachedSeq)]))
    .execute();
  if (reached.length === 0) return [];
  const ids = reached.map(({ mutationId }) => mutationId);
  const settled = page.complete ? ids : await keepThoseBroughtBack(tx, ids, page);
  if (settled.length === 0) return [];
  const settledJson = JSON.stringify(settled);
  await sql`
    update "outboxStates" set "state" = 'settled'
    where "mutationId" in (select "value" from json_each(${settledJson}))`.execute(tx);
  // What it read matters to a forecast alone; what it created, also to what is sent again (SY-15).
  await sql`
    delete from "outboxTouches" where "creates" = 0
    and "mutationId" in (select "value" from json_each(${settledJson}))`.execute(tx);
  await sql`
    delete from "servedRows"
    where "mutationId" in (select "value" from json_each(${settledJson}))`.execute(tx);
  return settled;
}

async function keepThoseBroughtBack(
  tx: Transaction<SeatDatabase>,
  mutationIds: readonly string[],
  page: PullResponse,
): Promise<string[]> {
  const brought = new Set(page.rows.map(({ table, row }) => `${table}/${String(row['id'])}`));
  const written = await sql<{ mutationId: string; tableName: string; rowId: string }>`
    select "mutationId", "tableName", "rowId" from "undo"
    where "mutationId" in (select "value" from json_each(${JSON.stringify(mutationIds)}))`.execute(
    tx,
  );
  const waiting = new Set(
    written.rows
      .filter(({ tableName, rowId }) => !brought.has(`${tableName}/${rowId}`))
      .map(({ mutationId }) => mutationId),
  );
  return mutationIds.filter((id) => !waiting.has(id));
}
