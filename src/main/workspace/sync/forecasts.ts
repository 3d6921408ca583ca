import { sql, type Transaction } from 'kysely';
import { isDomainTable } from '../../../shared/database/domain-tables.ts';
import { StintError } from '../../../shared/errors.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import { runMutation } from '../../../shared/mutations/run-mutation.ts';
import { forecastStates, type OutboxRow, type SeatDatabase } from '../database/seat-tables.ts';
import { SeatMutationStore } from '../seats/seat-mutation-store.ts';
import type { Seat } from '../seats/seat.ts';

/**
 * After so many rows, whoever else waits for this process has a turn: months of work done offline must not
 * make it deaf. The transaction stays open; other queries on this seat wait for its end.
 */
const rowsPerTurn = 50;

const yieldToOthers = (): Promise<void> =>
  new Promise((resolve) => {
    // oxlint-disable-next-line no-restricted-globals -- no time passes: only what is due already goes first
    setImmediate(resolve);
  });

/**
 * SY-11: what this device forecast is taken back, the server's state goes in, and what is still pending is
 * replayed on top. `change` runs in between, inside the same transaction; it may end forecasts (settle,
 * refuse, hold) and write mirrored rows.
 */
export async function applyBeneathForecasts(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  change: () => Promise<void>,
): Promise<void> {
  await takeBackForecasts(seat, tx);
  await change();
  await replayForecasts(seat, tx);
}

async function takeBackForecasts(seat: Seat, tx: Transaction<SeatDatabase>): Promise<void> {
  const entries = await tx.selectFrom('undo').selectAll().orderBy('undoId', 'desc').execute();
  const { orgId } = seat.record;
  for (const [index, { tableName, rowId, beforeJson }] of entries.entries()) {
    if (index % rowsPerTurn === rowsPerTurn - 1) await yieldToOthers();
    if (!isDomainTable(tableName)) continue;
    await tx
      .deleteFrom(tableName as 'tasks')
      .where('orgId', '=', orgId)
      .where('id', '=', rowId)
      .execute();
    if (beforeJson !== null)
      await tx
        .insertInto(tableName as 'tasks')
        .values(JSON.parse(beforeJson))
        .execute();
  }
  await tx.deleteFrom('undo').execute();
}

async function replayForecasts(seat: Seat, tx: Transaction<SeatDatabase>): Promise<void> {
  const rows = await tx
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .selectAll('outbox')
    .where('outboxStates.state', 'in', [...forecastStates])
    .orderBy('outbox.deviceSeq')
    .execute();
  for (const [index, row] of rows.entries()) {
    if (index % rowsPerTurn === rowsPerTurn - 1) await yieldToOthers();
    await replay(seat, tx, row);
  }
}

/** A forecast that the newest server state refuses is not shown; the server has the last word all the same. */
async function replay(seat: Seat, tx: Transaction<SeatDatabase>, row: OutboxRow): Promise<void> {
  await sql.raw('savepoint "replay"').execute(tx);
  let problem: string | null = null;
  try {
    const definition = findMutation(row.name, row.version);
    if (definition === undefined)
      throw new StintError('protocol_unsupported', `unknown change ${row.name}@${row.version}`);
    const store = new SeatMutationStore(tx, seat.record.orgId);
    await runMutation(definition, store, JSON.parse(row.argsJson), seat.computeContext(row));
    await store.saveTrace(row.id);
    await sql.raw('release "replay"').execute(tx);
  } catch (error) {
    await sql.raw('rollback to "replay"').execute(tx);
    await sql.raw('release "replay"').execute(tx);
    if (!(error instanceof StintError)) throw error;
    problem = error.message;
  }
  await tx
    .updateTable('outboxStates')
    .set({ replayProblem: problem })
    .where('mutationId', '=', row.id)
    .where('replayProblem', 'is not', problem)
    .execute();
}
