import type { vaultRequests } from '../../../shared/contract/vault-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat } from '../engine/workspace.ts';
import { exportVaultItem } from './export-vault-item.ts';
import { listStoppedDraftChanges } from './shown-in-vault.ts';
import { getVaultRow, listVaultItems, loadVaultDetail } from './vault-items.ts';

/** What is kept on this computer of tasks that have left the person's sight (SY-10). */
export const vaultHandlers: HandlersOf<typeof vaultRequests> = {
  'vault.list': async (_args, workspace) => listVaultItems(workspace),

  'vault.get': async ({ seatId, vaultId }, workspace) =>
    loadVaultDetail(workspace, getSeat(workspace, seatId), vaultId),

  'vault.export': async ({ seatId, vaultId }, workspace) =>
    exportVaultItem(workspace, getSeat(workspace, seatId), vaultId),

  'vault.remove': async ({ seatId, vaultId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { taskId } = await getVaultRow(seat, vaultId);
    await seat.db.transaction().execute(async (tx) => {
      const ids = await listStoppedDraftChanges(seat, tx, taskId);
      if (ids.length > 0)
        await tx
          .updateTable('outboxStates')
          .set({ state: 'dismissed' })
          .where('mutationId', 'in', ids)
          .execute();
      await tx.deleteFrom('vaultItems').where('vaultId', '=', vaultId).execute();
    });
    seat.announceChange(['outbox']);
    return {};
  },
};
