import { everythingScope, isScopeCovered } from '../../shared/domain/scopes.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import { getActiveMembership, listVisibleScopes } from '../sync/membership-lookup.ts';
import { getUploader } from './upload-right.ts';

/** How many hashes one query may name. */
const queryChunk = 500;

/**
 * Which of these contents the server still needs from this person. What others gave does not count:
 * knowing a hash is no proof of having the file.
 */
export async function listMissingFiles(
  database: ServerDatabase,
  accountId: string,
  orgId: string,
  files: readonly { readonly sha256: string; readonly sizeBytes: number }[],
): Promise<string[]> {
  return await database.read(async (trx) => {
    const membership = await getUploader(trx, orgId, accountId);
    const given = new Map<string, number>();
    for (let start = 0; start < files.length; start += queryChunk) {
      const grants = await trx
        .selectFrom('fileGrants')
        .select(['sha256', 'sizeBytes'])
        .where('orgId', '=', orgId)
        .where('membershipId', '=', membership.id)
        .where(
          'sha256',
          'in',
          files.slice(start, start + queryChunk).map(({ sha256 }) => sha256),
        )
        .execute();
      for (const { sha256, sizeBytes } of grants) given.set(sha256, sizeBytes);
    }
    const missing = files.filter(({ sha256, sizeBytes }) => given.get(sha256) !== sizeBytes);
    return [...new Set(missing.map(({ sha256 }) => sha256))];
  });
}

/**
 * Whether this person may read a content: some file they may see now uses it, and it arrived from the
 * one who attached it; or they gave it themselves.
 * @throws StintError `forbidden` for who is no member.
 */
export async function mayReadFile(
  database: ServerDatabase,
  accountId: string,
  orgId: string,
  sha256: string,
): Promise<boolean> {
  return await database.read(async (trx) => {
    const membership = await getActiveMembership(trx, orgId, accountId);
    const grant = await trx
      .selectFrom('fileGrants')
      .select('sha256')
      .where('orgId', '=', orgId)
      .where('membershipId', '=', membership.id)
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    if (grant !== undefined) return true;
    const visible = await listVisibleScopes(trx, membership);
    const uses = await trx
      .selectFrom('attachments')
      .select('scope')
      .distinct()
      .where('orgId', '=', orgId)
      .where('sha256', '=', sha256)
      .where('arrivedAt', 'is not', null)
      .execute();
    const named = new Set(visible);
    const seesEverything = named.has(everythingScope);
    return uses.some(
      ({ scope }) => named.has(scope) || (seesEverything && isScopeCovered(everythingScope, scope)),
    );
  });
}
