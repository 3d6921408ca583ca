import type { Transaction } from 'kysely';
import type { DomainTable } from '../../../shared/database/domain-tables.ts';
import { StintError } from '../../../shared/errors.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import {
  type PulledRow,
  type PullResponse,
  pullResponseSchema,
  type ScopeCursor,
} from '../../../shared/protocol/pull.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import { applyBeneathForecasts } from './forecasts.ts';
import { applyServerRows, dropUncoveredRows } from './mirrored-rows.ts';
import type { ServerClient } from './server-client.ts';

export interface PullOutcome {
  readonly receivedRows: number;
  /** The rows that were not here before; none after a first pull. */
  readonly created: readonly PulledRow[];
}

/**
 * Fetches page after page until every scope has reached the head. Each page goes in together with its
 * cursors in one transaction (SY-11): a kill in between repeats a page at most, which changes nothing.
 */
export async function pullAll(
  seat: Seat,
  client: ServerClient,
  now: () => string,
): Promise<PullOutcome> {
  const created: PulledRow[] = [];
  let receivedRows = 0;
  const wasFirst = (await loadCursors(seat)).scopes.length === 0;
  for (;;) {
    const asked = await loadCursors(seat);
    const response = await client.post(
      endpoints.pull(seat.record.orgId),
      asked,
      pullResponseSchema,
    );
    assertProgress(asked.scopes, response, client.serverUrl);
    const applied = await applyPage(seat, response, now());
    seat.announceChange(applied.tables);
    // A first pull may bring a hundred thousand rows, and none of them is news.
    if (!wasFirst) created.push(...applied.created);
    receivedRows += response.rows.length;
    if (response.complete) return { receivedRows, created };
  }
}

/** A server that is never done, and never goes on, would keep this loop going for ever. */
function assertProgress(
  asked: readonly ScopeCursor[],
  response: PullResponse,
  serverUrl: string,
): void {
  if (response.complete) return;
  const held = new Map(asked.map(({ scope, seq }) => [scope, seq]));
  if (response.scopes.some(({ scope, seq }) => seq !== (held.get(scope) ?? 0))) return;
  throw new StintError(
    'server_error',
    `${serverUrl} says that there is more to fetch, and sends nothing new`,
  );
}

async function loadCursors(seat: Seat) {
  const scopes = await seat.db.selectFrom('scopeCursors').selectAll().orderBy('scope').execute();
  const state = await seat.db
    .selectFrom('seatState')
    .select(['headSeq', 'headHash'])
    .executeTakeFirstOrThrow();
  return { scopes, head: { seq: state.headSeq, hash: state.headHash }, knownHeads: [] };
}

async function applyPage(
  seat: Seat,
  page: PullResponse,
  receivedAt: string,
): Promise<{ tables: (DomainTable | 'outbox')[]; created: PulledRow[] }> {
  return seat.db.transaction().execute(async (tx) => {
    const changesRows = page.rows.length > 0 || page.removed.length > 0 || (await hasUnsettled(tx));
    const written: (DomainTable | 'outbox')[] = [];
    let created: PulledRow[] = [];
    const apply = async () => {
      const applied = applyServerRows(seat, page.rows);
      written.push(...applied.tables);
      created = applied.created;
      await dropUncoveredRows(
        tx,
        page.removed,
        page.scopes.map(({ scope }) => scope),
      );
      if (await saveCursors(tx, page, receivedAt)) written.push('outbox');
    };
    if (changesRows) await applyBeneathForecasts(seat, tx, apply);
    else await apply();
    if (page.removed.length > 0) written.push('tasks', 'projects', 'engagements', 'submissions');
    return { tables: [...new Set(written)], created };
  });
}

/** A mutation's forecast ends with its being settled, so that has to happen beneath the other forecasts. */
async function hasUnsettled(tx: Transaction<SeatDatabase>): Promise<boolean> {
  const found = await tx
    .selectFrom('outboxStates')
    .select('mutationId')
    .where('state', '=', 'applied')
    .limit(1)
    .execute();
  return found.length > 0;
}

/**
 * A cursor that went back means that the server did not know the head (SY-15: it was restored). The head is
 * forgotten with the first page, or the server would answer each next request from the beginning again.
 */
async function forgetUnknownHead(tx: Transaction<SeatDatabase>, page: PullResponse): Promise<void> {
  const held = await tx.selectFrom('scopeCursors').selectAll().execute();
  const wentBack = held.some(({ scope, seq }) =>
    page.scopes.some((reached) => reached.scope === scope && reached.seq < seq),
  );
  if (wentBack) await tx.updateTable('seatState').set({ headSeq: 0, headHash: '' }).execute();
}

/** @returns whether mutations were settled by this page (SY-12). */
async function saveCursors(
  tx: Transaction<SeatDatabase>,
  page: PullResponse,
  receivedAt: string,
): Promise<boolean> {
  await forgetUnknownHead(tx, page);
  for (const { scope, seq } of page.scopes)
    await tx
      .insertInto('scopeCursors')
      .values({ scope, seq })
      .onConflict((conflict) => conflict.column('scope').doUpdateSet({ seq }))
      .execute();
  if (!page.complete) return false;
  await tx
    .updateTable('seatState')
    .set({
      headSeq: page.head.seq,
      headHash: page.head.hash,
      lastSyncedAt: receivedAt,
      accessLostAt: null,
    })
    .execute();
  const settled = await tx
    .updateTable('outboxStates')
    .set({ state: 'settled' })
    .where('state', '=', 'applied')
    .where((where) => where.or([where('seq', 'is', null), where('seq', '<=', page.head.seq)]))
    .executeTakeFirst();
  return settled.numUpdatedRows > 0n;
}
