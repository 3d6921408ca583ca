import { StintError } from '../../../shared/errors.ts';
import { attachDeliverable } from '../../../shared/mutations/draft-version-mutations.ts';
import { listNamedFiles } from '../bundles/attention-export.ts';
import type { OutboxState } from '../database/seat-tables.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';

const openStates: readonly OutboxState[] = ['pending', 'applied', 'held', 'quarantined'];

/**
 * Ends the sending of a draft's file, by the person's word: it stays in the draft and on this computer, or leaves the
 * draft. What was handed in has to arrive, and can only be paused.
 *
 * @throws StintError `conflict` for a file that is more than a draft's.
 */
export async function cancelUpload(
  workspace: Workspace,
  {
    seatId,
    sha256,
    removesFromDraft,
  }: { readonly seatId: string; readonly sha256: string; readonly removesFromDraft: boolean },
): Promise<{ wasCancelled: boolean; detached: string[] }> {
  const seat = getSeat(workspace, seatId);
  const uses = await loadUses(seat, sha256);
  const isNamed = (await loadNamedByChanges(seat)).has(sha256);
  if (isNamed || uses.some(({ ownerKind }) => ownerKind !== 'draft'))
    throw new StintError(
      'conflict',
      'this file was handed in, or belongs to a task, and others wait for it: its sending can be paused, and not ended',
      { field: 'sha256' },
    );
  const wasCancelled = await workspace.sync.cancelUpload(seatId, sha256);
  const detached: string[] = [];
  if (removesFromDraft)
    for (const { id, name } of uses) {
      await seat.mutate('draft.detach', { attachmentId: id, detached: true }, { subject: name });
      detached.push(id);
    }
  return { wasCancelled, detached };
}

async function loadUses(seat: Seat, sha256: string) {
  return await seat.db
    .selectFrom('attachments')
    .select(['id', 'name', 'ownerKind'])
    .where('orgId', '=', seat.record.orgId)
    .where('sha256', '=', sha256)
    .where('createdBy', '=', seat.record.membershipId)
    .where('removedAt', 'is', null)
    .execute();
}

/** Of what waits to be sent, by hash, what is more than a draft's. */
export async function loadPromisedContents(seat: Seat): Promise<Set<string>> {
  const uses = await seat.db
    .selectFrom('uploads')
    .innerJoin('attachments', 'attachments.sha256', 'uploads.sha256')
    .select('uploads.sha256')
    .distinct()
    .where('uploads.finishedAt', 'is', null)
    .where('attachments.orgId', '=', seat.record.orgId)
    .where('attachments.ownerKind', '!=', 'draft')
    .where('attachments.removedAt', 'is', null)
    .execute();
  return new Set([...uses.map(({ sha256 }) => sha256), ...(await loadNamedByChanges(seat))]);
}

/**
 * Contents that a change names which is more than a draft's and whose end is open. What it wrote may not be shown here, as
 * where the person has lost access and the employer decides.
 */
async function loadNamedByChanges(seat: Seat): Promise<Set<string>> {
  const changes = await seat.db
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .select('outbox.argsJson')
    .where('outboxStates.state', 'in', openStates)
    .where('outbox.name', '!=', attachDeliverable.name)
    .where('outbox.argsJson', 'like', '%"sha256"%')
    .execute();
  return new Set(
    changes.flatMap(({ argsJson }) =>
      listNamedFiles(JSON.parse(argsJson)).map(({ sha256 }) => sha256),
    ),
  );
}
