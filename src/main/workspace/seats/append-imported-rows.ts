import type { Transaction } from 'kysely';
import { computeCanonicalJson } from '../../../shared/canonical-json.ts';
import type { Sha256Hex } from '../../../shared/ports.ts';
import type {
  OutboxRow,
  OutboxState,
  OutboxTouchRow,
  SeatDatabase,
} from '../database/seat-tables.ts';

/** A change that another device of the same person made, as its outbox holds it. */
export interface ImportedRow {
  readonly row: Omit<OutboxRow, 'deviceSeq' | 'previousHash' | 'rowHash'>;
  readonly state: OutboxState;
  readonly subject: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly field: string | null;
  readonly answeredAt: string | null;
  readonly touches: readonly Pick<OutboxTouchRow, 'tableName' | 'rowId' | 'creates'>[];
}

/**
 * Appends changes of another device to a seat's outbox, under their own ids and with their own times, and with
 * this device's sequence numbers and chain (SY-3). One that is there already is passed over. Part of the
 * caller's transaction, beneath the forecasts; the replay afterwards shows their effect.
 *
 * @returns how many were appended.
 */
export async function appendImportedRows(
  tx: Transaction<SeatDatabase>,
  rows: AsyncIterable<ImportedRow>,
  sha256Hex: Sha256Hex,
): Promise<number> {
  const last = await tx
    .selectFrom('outbox')
    .select(['deviceSeq', 'rowHash'])
    .orderBy('deviceSeq', 'desc')
    .limit(1)
    .executeTakeFirst();
  let deviceSeq = last?.deviceSeq ?? 0;
  let previousHash = last?.rowHash ?? '';
  let appended = 0;
  for await (const { row, touches, ...state } of rows) {
    const known = await tx
      .selectFrom('outbox')
      .select('deviceSeq')
      .where('id', '=', row.id)
      .executeTakeFirst();
    if (known !== undefined) continue;
    deviceSeq += 1;
    const { anchorJson, ...withoutAnchor } = row;
    const content = { ...withoutAnchor, deviceSeq, previousHash };
    const rowHash = sha256Hex(
      computeCanonicalJson(anchorJson === null ? content : { ...content, anchorJson }),
    );
    await tx
      .insertInto('outbox')
      .values({ ...content, anchorJson, rowHash })
      .execute();
    await tx
      .insertInto('outboxStates')
      .values({
        ...state,
        mutationId: row.id,
        deviceSeq,
        seq: null,
        replayProblem: null,
        acknowledgedSeq: null,
      })
      .execute();
    for (const touch of touches)
      await tx
        .insertInto('outboxTouches')
        .values({ mutationId: row.id, ...touch })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    previousHash = rowHash;
    appended += 1;
  }
  return appended;
}
