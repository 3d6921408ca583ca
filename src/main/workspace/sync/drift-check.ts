import {
  type DomainTable,
  domainTables,
  isDomainTable,
} from '../../../shared/database/domain-tables.ts';
import {
  createScopeChecksumSum,
  type ScopeChecksum,
  type ScopeChecksumSum,
} from '../../../shared/domain/scope-checksum.ts';
import { isScopeCovered } from '../../../shared/domain/scopes.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import { checksumsResponseSchema } from '../../../shared/protocol/pull.ts';
import type { Head } from '../../../shared/protocol/push.ts';
import { sha256Hex } from '../ports/system-ports.ts';
import type { Seat } from '../seats/seat.ts';
import { computeRowKey } from './row-reference.ts';
import { applyBeneathForecasts } from './forecasts.ts';
import { dropRows } from './mirrored-rows.ts';
import type { ServerClient } from './server-client.ts';
import { Turns } from './turns.ts';

/** What came of comparing one scope with the server's. */
export interface ScopeDrift {
  readonly scope: string;
  readonly rows: number;
  readonly isSame: boolean;
}

/** What came of a drift check: null where somebody changed something meanwhile, and it has to be done again. */
export type DriftOutcome = readonly ScopeDrift[] | null;

const sliceRows = 200;

/**
 * SY-14: compares, scope by scope, the mirrored rows with what the server holds at the same head. What this device
 * forecast is left out of account. A scope that differs is forgotten, to be fetched afresh with the next pull;
 * nothing of it is ever sent to repair the server.
 *
 * @throws StintError what the exchange with the server came to; nothing was changed then.
 */
export async function checkDrift(seat: Seat, client: ServerClient): Promise<DriftOutcome> {
  const before = await loadHead(seat);
  const held = await seat.db.selectFrom('scopeCursors').select('scope').orderBy('scope').execute();
  if (before === undefined || held.length === 0) return null;
  const scopes = held.map(({ scope }) => scope);
  const own = await addUpOwn(seat, scopes);
  if (own === undefined) return null;
  const { head, checksums } = await client.post(
    endpoints.checksums(seat.record.orgId),
    { scopes },
    checksumsResponseSchema,
  );
  const after = await loadHead(seat);
  const isStill = [head, after].every(
    (other) => other?.seq === before.seq && other.hash === before.hash,
  );
  if (!isStill) return null;
  const onServer = new Map(checksums.map((sum) => [sum.scope, sum]));
  const outcome = [...own].map(([scope, { count, checksum }]): ScopeDrift => {
    const there = onServer.get(scope);
    return {
      scope,
      rows: count,
      isSame: there?.count === count && there.checksum === checksum,
    };
  });
  const different = outcome.filter(({ isSame }) => !isSame).map(({ scope }) => scope);
  if (different.length > 0) await forgetScopes(seat, different);
  return outcome;
}

/** The head that all scopes have reached; undefined in the middle of a pull. */
async function loadHead(seat: Seat): Promise<Head | undefined> {
  const state = await seat.db.selectFrom('seatState').selectAll().executeTakeFirstOrThrow();
  const isComplete =
    state.headSeq === state.statedHeadSeq && state.headHash === state.statedHeadHash;
  return isComplete && state.accessLostAt === null
    ? { seq: state.headSeq, hash: state.headHash }
    : undefined;
}

/**
 * In slices, between which everything else goes on. No transaction keeps others waiting meanwhile: whether
 * anything was written is told by the connection's own count.
 *
 * @returns undefined when something was written.
 */
async function addUpOwn(
  seat: Seat,
  scopes: readonly string[],
): Promise<ReadonlyMap<string, ScopeChecksum> | undefined> {
  const { connection } = seat.opened;
  const countWritten = connection.prepare<unknown[], number>('select total_changes()').pluck();
  const writtenBefore = countWritten.get();
  // Inside a transaction of someone else's, what is not committed yet would be read.
  const isUndisturbed = () => !connection.inTransaction && countWritten.get() === writtenBefore;
  const turns = new Turns(() => seat.clock.monotonicMs());
  const sums = new Map(scopes.map((scope) => [scope, createScopeChecksumSum(sha256Hex)]));
  const beneath = listRowsBeneath(seat);
  for (const table of domainTables) {
    const select = connection.prepare<unknown[], Record<string, unknown> & { rowPosition: number }>(
      `select rowid as "rowPosition", * from "${table}" where rowid > ? order by rowid limit ${sliceRows}`,
    );
    for (let position = 0; ;) {
      if (!isUndisturbed()) return undefined;
      const rows = select.all(position);
      for (const row of rows) {
        const key = computeRowKey({ tableName: table, rowId: String(row['id']) });
        if (!beneath.has(key)) addRow(sums, table, row);
        position = row.rowPosition;
      }
      if (rows.length < sliceRows) break;
      await turns.pass();
    }
  }
  for (const { tableName, beforeJson } of beneath.values())
    if (beforeJson !== null && isDomainTable(tableName))
      addRow(sums, tableName, JSON.parse(beforeJson) as Record<string, unknown>);
  if (!isUndisturbed()) return undefined;
  return new Map([...sums].map(([scope, sum]) => [scope, sum.compute()]));
}

function addRow(
  sums: ReadonlyMap<string, ScopeChecksumSum>,
  table: DomainTable,
  row: Readonly<Record<string, unknown>>,
): void {
  for (const [scope, sum] of sums)
    if (isScopeCovered(scope, String(row['scope']))) sum.add(table, row);
}

/** What forecasts stand on: of each row that one of them wrote, the server's state. */
function listRowsBeneath(seat: Seat) {
  const rows = seat.opened.connection
    .prepare<unknown[], { tableName: string; rowId: string; beforeJson: string | null }>(
      `select "tableName", "rowId", "beforeJson" from "undo"
       where "undoId" in (select min("undoId") from "undo" group by "tableName", "rowId")`,
    )
    .all();
  return new Map(rows.map((row) => [computeRowKey(row), row]));
}

async function forgetScopes(seat: Seat, scopes: readonly string[]): Promise<void> {
  await seat.db.transaction().execute(async (tx) => {
    await applyBeneathForecasts(seat, tx, async () => {
      const covered = new Set<string>();
      for (const table of domainTables)
        for (const { scope } of await tx
          .selectFrom(table as 'tasks')
          .select('scope')
          .distinct()
          .execute())
          if (scopes.some((forgotten) => isScopeCovered(forgotten, scope))) covered.add(scope);
      await dropRows(tx, [...covered]);
      await tx
        .updateTable('scopeCursors')
        .set({ seq: 0 })
        .where('scope', 'in', [...scopes])
        .execute();
    });
  });
}
