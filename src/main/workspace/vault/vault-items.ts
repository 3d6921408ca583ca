import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { VaultItem } from '../../../shared/contract/vault-requests.ts';
import { StintError } from '../../../shared/errors.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import type { OutboxState, VaultItemRow } from '../database/seat-tables.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { type VaultContent, vaultContentSchema } from './vault-content.ts';

const outcomes: Readonly<Record<OutboxState, string>> = {
  pending: 'waits to be sent',
  applied: 'accepted by the organization',
  settled: 'accepted by the organization',
  rejected: 'refused',
  held: 'not sent: it builds on a change that was refused',
  kept: 'not sent: access had ended',
  quarantined: 'on the server, for the organization to decide on',
  replaced: 'sent again as another change',
  dismissed: 'taken off the list',
};

export function parseVaultContent(row: VaultItemRow): VaultContent {
  return vaultContentSchema.parse(JSON.parse(row.contentJson));
}

/** @throws StintError `not_found` */
export async function getVaultRow(seat: Seat, vaultId: string): Promise<VaultItemRow> {
  const row = await seat.db
    .selectFrom('vaultItems')
    .selectAll()
    .where('vaultId', '=', vaultId)
    .executeTakeFirst();
  if (row === undefined)
    throw new StintError('not_found', `nothing of task ${vaultId} is kept on this computer`);
  return row;
}

function makeItem(seat: Seat, row: VaultItemRow): VaultItem {
  const content = parseVaultContent(row);
  return {
    seatId: seat.record.seatId,
    vaultId: row.vaultId,
    organizationName: content.organization,
    projectTitle: row.projectTitle,
    taskTitle: row.taskTitle,
    movedAt: row.movedAt,
    exportedAt: row.exportedAt,
    fileCount: content.files.length,
    sizeBytes: content.files.reduce((sum, file) => sum + file.sizeBytes, 0),
    unsentCount: content.unsent.length,
  };
}

/** Over all seats, what left last first. */
export async function listVaultItems(workspace: Workspace): Promise<VaultItem[]> {
  const items: VaultItem[] = [];
  for (const seat of workspace.seats.list()) {
    const rows = await seat.db.selectFrom('vaultItems').selectAll().orderBy('vaultId').execute();
    items.push(...rows.map((row) => makeItem(seat, row)));
  }
  return items.sort((left, right) => (left.movedAt < right.movedAt ? 1 : -1));
}

/** What has become of the unsent changes since, by their ids, in plain words. */
export async function loadOutcomes(
  seat: Seat,
  content: VaultContent,
): Promise<ReadonlyMap<string, string>> {
  const ids = content.unsent.map(({ mutationId }) => mutationId);
  if (ids.length === 0) return new Map();
  const rows = await seat.db
    .selectFrom('outboxStates')
    .select(['mutationId', 'state', 'message'])
    .where('mutationId', 'in', ids)
    .execute();
  return new Map(
    rows.map(({ mutationId, state, message }) => [
      mutationId,
      state === 'rejected' && message !== null ? `refused: ${message}` : outcomes[state],
    ]),
  );
}

export async function loadVaultDetail(
  workspace: Workspace,
  seat: Seat,
  vaultId: string,
): Promise<RequestOutput<'vault.get'>> {
  const row = await getVaultRow(seat, vaultId);
  const content = parseVaultContent(row);
  const known = await loadOutcomes(seat, content);
  return {
    item: makeItem(seat, row),
    instructions: content.instructions,
    criteria: content.criteria,
    note: content.note,
    files: await Promise.all(
      content.files.map(async ({ sha256, ...file }) => ({
        ...file,
        isHere: await workspace.files.has(sha256),
      })),
    ),
    unsent: content.unsent.map(({ mutationId, name, version, claimedAt, args }) => ({
      mutationId,
      label: findMutation(name, version)?.label ?? name,
      claimedAt,
      outcome: known.get(mutationId) ?? outcomes.kept,
      argsJson: JSON.stringify(args),
    })),
  };
}
