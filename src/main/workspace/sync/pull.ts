import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { DomainTable } from '../../../shared/database/domain-tables.ts';
import { erasedName } from '../../../shared/domain/erasure.ts';
import { StintError } from '../../../shared/errors.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import {
  type PulledRow,
  type PullRequest,
  type PullResponse,
  pullResponseSchema,
  type ScopeCursor,
} from '../../../shared/protocol/pull.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import { SeparateCheckpoints } from '../database/separate-checkpoints.ts';
import { giveUpArrived } from '../files/ended-uploads.ts';
import { eraseFromHistory } from '../history/erase-from-history.ts';
import { indexChangedAnew } from '../search/search-index.ts';
import type { Seat } from '../seats/seat.ts';
import { moveToVault } from '../vault/move-to-vault.ts';
import { applyBeneathAffected, applyBeneathForecasts } from './forecasts.ts';
import { holdAnchor } from './held-anchor.ts';
import { listKnownHeads, noteKnownHead } from './known-heads.ts';
import { applyServerRows, dropRows, listUncoveredScopes } from './mirrored-rows.ts';
import type { ServerClient } from './server-client.ts';
import { takeServedRows } from './served-rows.ts';
import { beginAnew } from './server-restart.ts';
import { settleReturned } from './settling.ts';
import { Turns, yieldToOthers } from './turns.ts';

/**
 * A page, with its rows looked at no further than that they are some: each is checked against its table's schema
 * when it goes in, in slices, so that a large page does not stop everything else.
 */
const pageSchema = pullResponseSchema.extend({
  rows: z.custom<PulledRow[]>((value) => Array.isArray(value) && value.every(isPulledRow)),
});

function isPulledRow(value: unknown): value is PulledRow {
  if (typeof value !== 'object' || value === null) return false;
  const { table, seq, row } = value as Partial<PulledRow>;
  return (
    typeof table === 'string' &&
    Number.isSafeInteger(seq) &&
    typeof row === 'object' &&
    row !== null &&
    !Array.isArray(row)
  );
}

export interface PullOutcome {
  readonly receivedRows: number;
  /** Rows of which people hear that were not here before, the first of them; none after a first pull, nor after a fresh beginning. */
  readonly created: readonly PulledRow[];
  /** SY-15: whether the server was found to have been restored. */
  readonly hasRestarted: boolean;
}

/** News beyond these is told by the lists themselves. */
const maximumArrivals = 200;

/** A server that begins anew more often within one pull is not worth following. */
const maximumRestarts = 3;

/**
 * Fetches page after page until every scope has reached the head. Each page goes in together with its
 * cursors in one transaction (SY-11): a kill in between repeats a page at most, which changes nothing. While a
 * page goes in, the next one is on its way.
 */
export async function pullAll(
  seat: Seat,
  client: ServerClient,
  now: () => string,
): Promise<PullOutcome> {
  const checkpoints = new SeparateCheckpoints(seat.opened);
  try {
    return await takePages(seat, client, now, checkpoints);
  } finally {
    checkpoints.end();
  }
}

async function takePages(
  seat: Seat,
  client: ServerClient,
  now: () => string,
  checkpoints: SeparateCheckpoints,
): Promise<PullOutcome> {
  const created: PulledRow[] = [];
  let receivedRows = 0;
  let restarts = 0;
  let asked = await loadRequest(seat);
  let isNews = asked.scopes.length > 0;
  let fetching = fetchPage(seat, client, asked);
  for (;;) {
    const { page, heardMs } = await fetching;
    assertProgress(asked.scopes, page, client.serverUrl);
    if (page.restart !== null) {
      isNews = false;
      restarts += 1;
      if (restarts > maximumRestarts)
        throw new StintError('server_error', `${client.serverUrl} begins anew again and again`);
    }
    asked = { ...asked, scopes: page.scopes, head: page.head };
    if (!page.complete) {
      checkpoints.begin();
      fetching = fetchPage(seat, client, asked);
      // Whether it fails is asked once this page is in; until then nobody listens.
      fetching.catch(() => {});
    }
    const applied = await applyPage(seat, page, {
      receivedAt: now(),
      heardMs,
      wantsCreated: isNews,
    });
    await yieldToOthers();
    await checkpoints.afterCommit();
    seat.announceChange(applied.tables);
    created.push(...applied.created.slice(0, maximumArrivals - created.length));
    receivedRows += page.rows.length;
    if (page.complete) return { receivedRows, created, hasRestarted: restarts > 0 };
  }
}

async function fetchPage(
  seat: Seat,
  client: ServerClient,
  request: PullRequest,
): Promise<{ page: PullResponse; heardMs: number }> {
  const page = await client.post(endpoints.pull(seat.record.orgId), request, pageSchema);
  return { page, heardMs: seat.clock.monotonicMs() };
}

/** A server that is never done, and never goes on, would keep this loop going for ever. */
function assertProgress(
  asked: readonly ScopeCursor[],
  page: PullResponse,
  serverUrl: string,
): void {
  if (page.complete) return;
  const held = new Map(asked.map(({ scope, seq }) => [scope, seq]));
  if (page.scopes.some(({ scope, seq }) => seq !== (held.get(scope) ?? 0))) return;
  throw new StintError(
    'server_error',
    `${serverUrl} says that there is more to fetch, and sends nothing new`,
  );
}

async function loadRequest(seat: Seat): Promise<PullRequest> {
  const scopes = await seat.db.selectFrom('scopeCursors').selectAll().orderBy('scope').execute();
  const { statedHeadSeq, statedHeadHash } = await seat.db
    .selectFrom('seatState')
    .select(['statedHeadSeq', 'statedHeadHash'])
    .executeTakeFirstOrThrow();
  const knownHeads = await listKnownHeads(seat.db);
  return {
    scopes,
    head: statedHeadSeq === 0 ? null : { seq: statedHeadSeq, hash: statedHeadHash },
    knownHeads,
  };
}

interface AppliedPage {
  readonly tables: (DomainTable | 'outbox')[];
  readonly created: PulledRow[];
}

/**
 * Puts one page in (SY-11): the mutations settle whose effect has come back with it, its rows go in beneath the
 * forecasts, and its cursors move, all in one transaction.
 *
 * @param heardMs the monotonic time at which it came, in milliseconds.
 */
export async function applyPage(
  seat: Seat,
  page: PullResponse,
  options: {
    readonly receivedAt: string;
    readonly heardMs: number;
    readonly wantsCreated: boolean;
  },
): Promise<AppliedPage> {
  const { receivedAt, heardMs, wantsCreated } = options;
  return seat.db.transaction().execute(async (tx) => {
    const leaving = await listUncoveredScopes(
      tx,
      page.removed,
      page.scopes.map(({ scope }) => scope),
    );
    if (leaving.length > 0) await moveToVault(seat, tx, { scopes: leaving, at: receivedAt });
    const written: (DomainTable | 'outbox')[] = [];
    let created: PulledRow[] = [];
    const apply = async () => {
      await dropRows(tx, leaving);
      if (page.restart !== null) await beginAnew(seat, tx, page.restart.common);
      const applied = await applyServerRows(seat, page.rows, wantsCreated);
      written.push(...applied.tables);
      created = applied.created;
    };
    const turns = new Turns(() => seat.clock.monotonicMs());
    const ended = page.restart === null ? await settleReturned(seat, tx, page, turns) : [];
    if (ended.length > 0) written.push('outbox');
    if (leaving.length > 0 || page.restart !== null) {
      written.push('outbox', 'tasks', 'projects', 'engagements', 'submissions', 'timeEntries');
      if (page.restart === null) await takeServedRows(seat, page.rows, turns);
      await applyBeneathForecasts(seat, tx, async () => {
        await apply();
        if (page.restart !== null && page.complete) await settleReturned(seat, tx, page, turns);
      });
    } else {
      const coming = await takeServedRows(seat, page.rows, turns);
      await applyBeneathAffected(seat, tx, { ended, ...coming }, apply);
    }
    // Not only when the server has been told of other ends: it may be silent then.
    if (page.rows.some(({ table }) => table === 'attachments'))
      await giveUpArrived(tx, seat.record);
    if (page.rows.some(isErasure)) {
      await eraseFromHistory(tx, seat.record.orgId);
      indexChangedAnew(seat);
    }
    await saveCursors(tx, page, receivedAt);
    if (page.complete) await holdAnchor(tx, page.anchor, 'complete_pull', seat.clock, heardMs);
    return { tables: [...new Set(written)], created };
  });
}

/** The history of acts and the index of words do not come with the rows: what was made of them before is here. */
const isErasure = ({ table, row }: PulledRow): boolean =>
  (table === 'memberships' && typeof row['erasedAt'] === 'string') ||
  (table === 'invitations' && row['invitedName'] === erasedName);

async function saveCursors(
  tx: Transaction<SeatDatabase>,
  page: PullResponse,
  receivedAt: string,
): Promise<void> {
  if (page.removed.length > 0)
    await tx
      .deleteFrom('scopeCursors')
      .where('scope', 'in', [...page.removed])
      .execute();
  for (const { scope, seq } of page.scopes)
    await tx
      .insertInto('scopeCursors')
      .values({ scope, seq })
      .onConflict((conflict) => conflict.column('scope').doUpdateSet({ seq }))
      .execute();
  const { head } = page;
  const stated = { statedHeadSeq: head.seq, statedHeadHash: head.hash };
  if (!page.complete) {
    await tx.updateTable('seatState').set(stated).execute();
    return;
  }
  const reached = { headSeq: head.seq, headHash: head.hash, lastSyncedAt: receivedAt };
  await tx
    .updateTable('seatState')
    .set({ ...stated, ...reached, accessLostAt: null })
    .execute();
  await noteKnownHead(tx, { ...head, reachedAt: receivedAt });
}
