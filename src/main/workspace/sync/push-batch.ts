import { sql } from 'kysely';
import { createSubmission } from '../../../shared/mutations/submission-mutations.ts';
import { workMutations } from '../../../shared/mutations/work-mutations.ts';
import type { Head, WireMutation } from '../../../shared/protocol/push.ts';
import { maximumPushBytes, maximumPushMutations } from '../../../shared/protocol/version.ts';
import type { OutboxRow } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import type { PushPace } from './push-pace.ts';

/** Leaves room for the envelope around the mutations. */
const batchBytes = maximumPushBytes - 16 * 1024;

/**
 * The next of what is pending, in the order in which it was done, as much as one push may hold (SY-6). Left out is
 * what this round passes over, with all that builds on it, and what was waiting when the server was found to have
 * been restored and does not fit what is there yet (SY-15).
 */
export async function loadPendingBatch(seat: Seat, pace: PushPace): Promise<WireMutation[]> {
  const passedOver = await listPassedOver(seat, pace);
  let query = selectPendingRows(seat).limit(Math.min(pace.limit, maximumPushMutations));
  if (passedOver.size > 0)
    query = query.where(
      sql<boolean>`"outbox"."id" not in (select "value" from json_each(${JSON.stringify([...passedOver])}))`,
    );
  return computeBatch(await query.execute());
}

/** What will be next once all of a batch has been applied. Of use only where nothing is passed over. */
export async function loadFollowingBatch(
  seat: Seat,
  batch: readonly WireMutation[],
): Promise<WireMutation[]> {
  const rows = await selectPendingRows(seat)
    .where('outboxStates.deviceSeq', '>', batch.at(-1)?.deviceSeq ?? 0)
    .limit(maximumPushMutations)
    .execute();
  return computeBatch(rows);
}

/** What the server keeps for the employer to decide on, after a device number: the answer follows the decision. */
export async function loadQuarantinedBatch(
  seat: Seat,
  afterDeviceSeq: number,
): Promise<WireMutation[]> {
  const rows = await selectRows(seat)
    .where('outboxStates.state', '=', 'quarantined')
    .where('outboxStates.deviceSeq', '>', afterDeviceSeq)
    .limit(maximumPushMutations)
    .execute();
  return computeBatch(rows);
}

/**
 * Work that the server had taken, newest first by the server's number, below `beforeSeq`: sent again with what was
 * answered, it does no harm, and tells whether the server still has it (SY-15).
 */
export async function loadSentWorkBatch(
  seat: Seat,
  beforeSeq: number,
  limit: number,
): Promise<WireMutation[]> {
  const rows = await selectRows(seat)
    .clearOrderBy()
    .select('outboxStates.seq')
    .where('outboxStates.state', '=', 'settled')
    .where('outboxStates.seq', '<', beforeSeq)
    .where('outbox.name', 'in', workMutations)
    .orderBy('outboxStates.seq', 'desc')
    .limit(limit)
    .execute();
  return computeBatch(rows.map(({ seq, ...row }) => ({ ...row, acknowledgedSeq: seq })));
}

/** SY-15: the head that the server has to know; null where there is none, and where none may be pulled. */
export async function loadStatedHead(seat: Seat): Promise<Head | null> {
  const state = await seat.db.selectFrom('seatState').selectAll().executeTakeFirstOrThrow();
  return state.statedHeadSeq === 0 || state.accessLostAt !== null
    ? null
    : { seq: state.statedHeadSeq, hash: state.statedHeadHash };
}

function selectPendingRows(seat: Seat) {
  return selectRows(seat)
    .where('outboxStates.state', '=', 'pending')
    .where((where) =>
      where.or([
        where('outboxStates.acknowledgedSeq', 'is', null),
        where('outboxStates.acknowledgedSeq', '>', 0),
        where('outboxStates.replayProblem', 'is', null),
      ]),
    );
}

function selectRows(seat: Seat) {
  return seat.db
    .selectFrom('outboxStates')
    .innerJoin('outbox', 'outbox.id', 'outboxStates.mutationId')
    .leftJoin('acknowledgedReceipts as receipt', 'receipt.mutationId', 'outbox.id')
    .selectAll('outbox')
    .select([
      'outboxStates.acknowledgedSeq',
      'receipt.statementJson',
      'receipt.keyId',
      'receipt.signature',
    ])
    .orderBy('outboxStates.deviceSeq');
}

interface SelectedRow extends OutboxRow {
  readonly acknowledgedSeq: number | null;
  readonly statementJson: string | null;
  readonly keyId: string | null;
  readonly signature: string | null;
}

function computeBatch(rows: readonly SelectedRow[]): WireMutation[] {
  const batch: WireMutation[] = [];
  let sizeBytes = 0;
  for (const row of rows) {
    const mutation = computeWireMutation(row);
    sizeBytes += Buffer.byteLength(JSON.stringify(mutation)) + 1;
    if (batch.length > 0 && sizeBytes > batchBytes) break;
    batch.push(mutation);
  }
  return batch;
}

function computeWireMutation(row: SelectedRow): WireMutation {
  const { argsJson, anchorJson, rowHash: _, acknowledgedSeq, ...sent } = row;
  const { statementJson, keyId, signature, ...plain } = sent;
  const receipt =
    statementJson === null || keyId === null || signature === null
      ? null
      : { statementJson, keyId, signature };
  return {
    ...plain,
    args: JSON.parse(argsJson) as unknown,
    anchor: anchorJson === null ? null : (JSON.parse(anchorJson) as WireMutation['anchor']),
    acknowledged:
      acknowledgedSeq === null || acknowledgedSeq === 0 ? null : { seq: acknowledgedSeq, receipt },
  };
}

/**
 * What this round does not send: what was passed over, and whatever touches a row that one of them would have created,
 * through any number of steps. Behind what is tried again, later changes of the rows that it wrote wait as well: they
 * would be undone by it (SY-4). At its last try they are let past, so that a culprit behind which nothing else waits does
 * not hold them up for ever.
 */
async function listPassedOver(seat: Seat, pace: PushPace): Promise<ReadonlySet<string>> {
  const overtakable = pace.listOvertakable();
  for (const id of overtakable)
    if ((await listLaterWriters(seat, [id])).length > 0) pace.noteOvertaken(id);
  const inOrder = await closeOver(pace.listKeptInOrder(), async (ids) => [
    ...(await listUsersOfCreated(seat, ids)),
    ...(await listLaterWriters(seat, ids)),
  ]);
  const others = await closeOver([...overtakable, ...pace.listWaiting()], (ids) =>
    listUsersOfCreated(seat, ids),
  );
  return new Set([...inOrder, ...others]);
}

async function closeOver(
  first: readonly string[],
  listNext: (ids: readonly string[]) => Promise<readonly string[]>,
): Promise<ReadonlySet<string>> {
  const all = new Set(first);
  for (let latest = [...all]; latest.length > 0;) {
    const found = new Set(await listNext(latest));
    latest = [...found].filter((id) => !all.has(id));
    for (const id of latest) all.add(id);
  }
  return all;
}

async function listUsersOfCreated(seat: Seat, ids: readonly string[]): Promise<string[]> {
  const found = await seat.db
    .selectFrom('outboxTouches as created')
    .innerJoin('outboxTouches as used', (join) =>
      join
        .onRef('used.tableName', '=', 'created.tableName')
        .onRef('used.rowId', '=', 'created.rowId'),
    )
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'used.mutationId')
    .select('used.mutationId')
    .distinct()
    .where('created.creates', '=', 1)
    .where(
      sql<boolean>`"created"."mutationId" in (select "value" from json_each(${JSON.stringify(ids)}))`,
    )
    .where('outboxStates.state', '=', 'pending')
    .execute();
  return found.map(({ mutationId }) => mutationId);
}

/** Work that is handed in holds what it hands in, and waits for no note that came before it. */
async function listLaterWriters(seat: Seat, ids: readonly string[]): Promise<string[]> {
  const found = await seat.db
    .selectFrom('undo as first')
    .innerJoin('outboxStates as firstState', 'firstState.mutationId', 'first.mutationId')
    .innerJoin('undo as later', (join) =>
      join
        .onRef('later.tableName', '=', 'first.tableName')
        .onRef('later.rowId', '=', 'first.rowId'),
    )
    .innerJoin('outboxStates as laterState', 'laterState.mutationId', 'later.mutationId')
    .innerJoin('outbox', 'outbox.id', 'later.mutationId')
    .select('later.mutationId')
    .distinct()
    .where(
      sql<boolean>`"first"."mutationId" in (select "value" from json_each(${JSON.stringify(ids)}))`,
    )
    .where('laterState.state', '=', 'pending')
    .whereRef('laterState.deviceSeq', '>', 'firstState.deviceSeq')
    .where('outbox.name', '<>', createSubmission.name)
    .execute();
  return found.map(({ mutationId }) => mutationId);
}
