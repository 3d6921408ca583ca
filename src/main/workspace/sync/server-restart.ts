import { sql, type Transaction } from 'kysely';
import { domainTables } from '../../../shared/database/domain-tables.ts';
import type { Head } from '../../../shared/protocol/push.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';

/**
 * SY-15: the server was restored from a backup and has lost what came after `common`. All that is mirrored goes,
 * to be fetched afresh, and what the server had taken from this device since then waits again, with the number
 * and the receipt that it had got. Uploads are asked about again: the server may have lost contents, too.
 *
 * Runs beneath the forecasts, in the transaction of the first page of the fresh beginning: a kill leaves either
 * all of it or nothing. Doing it twice changes no more than doing it once.
 */
export async function beginAnew(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  common: Head,
): Promise<void> {
  await keepReceipts(seat, tx, common);
  for (const table of domainTables) await tx.deleteFrom(table).execute();
  await tx.deleteFrom('servedRows').execute();
  await tx.deleteFrom('scopeCursors').execute();
  await tx.deleteFrom('heldAnchors').execute();
  await tx.deleteFrom('knownHeads').where('seq', '>', common.seq).execute();
  await tx.updateTable('seatState').set({ headSeq: 0, headHash: '' }).execute();
  await tx
    .updateTable('outboxStates')
    .set({ acknowledgedSeq: 0 })
    .where('state', '=', 'pending')
    .where('acknowledgedSeq', 'is', null)
    .execute();
  // What waited for others already waits for them anew.
  await tx
    .updateTable('outboxStates')
    .set({ answeredAt: null })
    .where('state', '=', 'pending')
    .where('acknowledgedSeq', '>', 0)
    .execute();
  await tx
    .updateTable('outboxStates')
    .set((row) => ({
      state: 'pending',
      acknowledgedSeq: row
        .case()
        // Of what it keeps for a decision, the server tells no number to who may not see how far it is (SY-10).
        .when(row.and([row('state', '=', 'quarantined'), row('seq', 'is', null)]))
        .then(common.seq + 1)
        .when('seq', '>', common.seq)
        .then(row.ref('seq'))
        .else(row.ref('acknowledgedSeq'))
        .end(),
      seq: null,
      code: null,
      message: null,
      field: null,
      answeredAt: null,
    }))
    .where((row) =>
      row.or([
        row('state', '=', 'quarantined'),
        row.and([row('state', 'in', ['applied', 'settled']), row('seq', '>', common.seq)]),
      ]),
    )
    .execute();
  await tx
    .updateTable('uploads')
    .set({ finishedAt: null, uploadUrl: null, sentBytes: 0, problem: null })
    .execute();
}

/** The receipts of submissions that came after `common`, before the mirrored rows go: they prove when each had come. */
export async function keepReceipts(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  common: Pick<Head, 'seq'>,
): Promise<void> {
  await sql`
    insert into "acknowledgedReceipts" ("mutationId", "statementJson", "keyId", "signature")
    select "outbox"."id", "receipts"."statementJson", "receipts"."keyId", "receipts"."signature"
    from "outbox"
    join "outboxStates" on "outboxStates"."mutationId" = "outbox"."id"
    join "receipts" on "receipts"."orgId" = ${seat.record.orgId}
      and "receipts"."submissionId" = json_extract("outbox"."argsJson", '$.submissionId')
    where "outbox"."name" = 'submission.create'
      and "outboxStates"."state" in ('applied', 'settled')
      and "outboxStates"."seq" > ${common.seq}
    on conflict ("mutationId") do update set
      "statementJson" = excluded."statementJson", "keyId" = excluded."keyId",
      "signature" = excluded."signature"`.execute(tx);
}
