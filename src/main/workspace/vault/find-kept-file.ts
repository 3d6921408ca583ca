import type { ManifestFile } from '../../../shared/domain/manifest.ts';
import { listNamedFiles } from '../bundles/attention-export.ts';
import { attentionStates } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import { parseVaultContent } from './vault-items.ts';

/**
 * A file that no row shows any more: one of a task in the vault, or of a change that was refused or kept. It is
 * this person's own, so they may open it for as long as it is listed.
 */
export async function findKeptFile(
  seat: Seat,
  attachmentId: string,
): Promise<ManifestFile | undefined> {
  const vaulted = await seat.db.selectFrom('vaultItems').selectAll().execute();
  const changes = await seat.db
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .select('outbox.argsJson')
    .where('outboxStates.state', 'in', [...attentionStates])
    .execute();
  const files = [
    ...vaulted.flatMap((row) => {
      const { files: own, unsent } = parseVaultContent(row);
      return [...own, ...unsent.flatMap(({ args }) => listNamedFiles(args))];
    }),
    ...changes.flatMap(({ argsJson }) => listNamedFiles(JSON.parse(argsJson))),
  ];
  return files.find((file) => file.attachmentId === attachmentId);
}
