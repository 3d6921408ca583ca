import type { Transaction } from 'kysely';
import type { ManifestFile } from '../../../shared/domain/manifest.ts';
import { tickCriterion } from '../../../shared/mutations/draft-mutations.ts';
import {
  attachDeliverable,
  detachDeliverable,
  writeDraftNote,
} from '../../../shared/mutations/draft-version-mutations.ts';
import type { OutboxRow, OutboxState, SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';

type Reader = Transaction<SeatDatabase>;

/** A draft as the person left it. */
export interface DraftAsSeen {
  readonly note: string;
  /** The note as the server has it, as far as this device knows. */
  readonly noteOnServer: string;
  readonly ticked: ReadonlySet<string>;
  readonly files: readonly ManifestFile[];
}

/** States in which a change has not reached the server, and is the person's to keep. */
const unsentStates: ReadonlySet<OutboxState> = new Set(['pending', 'rejected', 'held', 'kept']);
/** States in which the server has it. */
const sentStates: ReadonlySet<OutboxState> = new Set(['applied', 'settled', 'quarantined']);

/**
 * The draft of a task with everything that was written into it on this device, also what the server has
 * refused meanwhile and what therefore shows nowhere else. A change that reached the server outweighs the
 * unsent ones before it.
 */
export async function loadDraftAsSeen(
  seat: Seat,
  tx: Reader,
  taskId: string,
): Promise<DraftAsSeen> {
  const row = await tx
    .selectFrom('drafts')
    .select(['note', 'tickedJson'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', taskId)
    .executeTakeFirst();
  const attached = await loadAttached(seat, tx, taskId);
  const ticked = new Set(JSON.parse(row?.tickedJson ?? '[]') as string[]);
  const files = new Map(attached.map((file) => [file.attachmentId, file]));
  let note = row?.note ?? '';
  for (const change of await listUnsentDraftChanges(seat, tx, taskId)) {
    const args: unknown = JSON.parse(change.argsJson);
    if (change.name === writeDraftNote.name) note = writeDraftNote.schema.parse(args).note;
    if (change.name === tickCriterion.name) {
      const tick = tickCriterion.schema.parse(args);
      if (tick.ticked) ticked.add(tick.criterionId);
      else ticked.delete(tick.criterionId);
    }
    if (change.name === attachDeliverable.name) {
      const { file } = attachDeliverable.schema.parse(args);
      files.set(file.attachmentId, file);
    }
    if (change.name === detachDeliverable.name) {
      const { attachmentId, detached } = detachDeliverable.schema.parse(args);
      if (detached) files.delete(attachmentId);
    }
  }
  return {
    note,
    noteOnServer: await loadNoteOnServer(tx, taskId, row?.note ?? ''),
    ticked,
    files: [...files.values()],
  };
}

async function loadAttached(seat: Seat, tx: Reader, taskId: string): Promise<ManifestFile[]> {
  return tx
    .selectFrom('attachments')
    .select(['id as attachmentId', 'name', 'sha256', 'sizeBytes', 'mediaType'])
    .where('orgId', '=', seat.record.orgId)
    .where('ownerKind', '=', 'draft')
    .where('ownerId', '=', taskId)
    .where('removedAt', 'is', null)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
}

/** What the oldest forecast on the draft replaced; without a forecast, the draft as it stands. */
async function loadNoteOnServer(tx: Reader, taskId: string, shown: string): Promise<string> {
  const undo = await tx
    .selectFrom('undo')
    .select('beforeJson')
    .where('tableName', '=', 'drafts')
    .where('rowId', '=', taskId)
    .orderBy('undoId')
    .limit(1)
    .executeTakeFirst();
  if (undo === undefined) return shown;
  return undo.beforeJson === null ? '' : (JSON.parse(undo.beforeJson) as { note: string }).note;
}

/** In the order in which they were made, without those that a later one has made good. */
export async function listUnsentDraftChanges(
  seat: Seat,
  tx: Reader,
  taskId: string,
): Promise<OutboxRow[]> {
  const rows = await tx
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .selectAll('outbox')
    .select('outboxStates.state')
    .where('outbox.name', 'in', [
      writeDraftNote.name,
      tickCriterion.name,
      attachDeliverable.name,
      detachDeliverable.name,
    ])
    .where('outboxStates.state', 'not in', ['replaced', 'dismissed'])
    .where('outbox.id', 'in', (touching) =>
      touching
        .selectFrom('outboxTouches')
        .select('outboxTouches.mutationId')
        .where((where) =>
          where.or([
            where.and([
              where('outboxTouches.tableName', '=', 'drafts'),
              where('outboxTouches.rowId', '=', taskId),
            ]),
            where.and([
              where('outboxTouches.tableName', '=', 'attachments'),
              where(
                'outboxTouches.rowId',
                'in',
                where
                  .selectFrom('outboxTouches as made')
                  .innerJoin('outboxTouches as draft', 'draft.mutationId', 'made.mutationId')
                  .select('made.rowId')
                  .where('made.tableName', '=', 'attachments')
                  .where('draft.tableName', '=', 'drafts')
                  .where('draft.rowId', '=', taskId)
                  .union(
                    where
                      .selectFrom('attachments')
                      .select('attachments.id as rowId')
                      .where('attachments.orgId', '=', seat.record.orgId)
                      .where('attachments.ownerId', '=', taskId),
                  ),
              ),
            ]),
          ]),
        ),
    )
    .orderBy('outbox.deviceSeq')
    .execute();
  const unsent = new Map<number, OutboxRow>();
  const lastByKey = new Map<string, number[]>();
  for (const { state, ...row } of rows) {
    const key = computeKey(row);
    const before = lastByKey.get(key) ?? [];
    if (sentStates.has(state)) for (const deviceSeq of before) unsent.delete(deviceSeq);
    if (!unsentStates.has(state)) continue;
    unsent.set(row.deviceSeq, row);
    lastByKey.set(key, [...before, row.deviceSeq]);
  }
  return [...unsent.values()];
}

/** What a change of a draft is about: of the same thing, the later one says how it is. */
function computeKey({ name, argsJson }: OutboxRow): string {
  const args = JSON.parse(argsJson) as {
    criterionId?: string;
    attachmentId?: string;
    file?: { attachmentId: string };
  };
  const subject = args.criterionId ?? args.attachmentId ?? args.file?.attachmentId ?? 'note';
  return name === writeDraftNote.name ? 'note' : subject;
}
