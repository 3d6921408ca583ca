import { everythingScope, isScopeCovered } from '../../shared/domain/scopes.ts';
import type { ServerDatabase, ServerTransaction } from '../database/server-database.ts';
import { getActiveMembership, listVisibleScopes } from '../sync/membership-lookup.ts';
import { getUploader } from './upload-right.ts';

/** How many hashes one query may name. */
const queryChunk = 500;
const mostWanted = 1000;

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
    const damaged = new Set(await listDamaged(trx, orgId));
    const missing = files.filter(
      ({ sha256, sizeBytes }) => given.get(sha256) !== sizeBytes || damaged.has(sha256),
    );
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
    return await isUsedWithin(trx, await listVisibleScopes(trx, membership), { orgId, sha256 });
  });
}

/**
 * Which of these contents this person may read, by the same rule.
 * @throws StintError `forbidden` for who is no member.
 */
export async function listReadableFiles(
  database: ServerDatabase,
  accountId: string,
  orgId: string,
  hashes: readonly string[],
): Promise<Set<string>> {
  return await database.read(async (trx) => {
    const membership = await getActiveMembership(trx, orgId, accountId);
    const grants = await trx
      .selectFrom('fileGrants')
      .select('sha256')
      .where('orgId', '=', orgId)
      .where('membershipId', '=', membership.id)
      .where('sha256', 'in', hashes)
      .execute();
    const readable = new Set(grants.map(({ sha256 }) => sha256));
    const others = hashes.filter((sha256) => !readable.has(sha256));
    if (others.length === 0) return readable;
    const uses = await trx
      .selectFrom('attachments')
      .select(['sha256', 'scope'])
      .distinct()
      .where('orgId', '=', orgId)
      .where('sha256', 'in', others)
      .where('arrivedAt', 'is not', null)
      .execute();
    const isVisible = createScopeFilter(await listVisibleScopes(trx, membership));
    for (const { sha256, scope } of uses) if (isVisible(scope)) readable.add(sha256);
    return readable;
  });
}

/** Whether a file in one of these scopes uses a content, and it arrived from the one who attached it. */
async function isUsedWithin(
  trx: ServerTransaction,
  visible: readonly string[],
  { orgId, sha256 }: { readonly orgId: string; readonly sha256: string },
): Promise<boolean> {
  const uses = await trx
    .selectFrom('attachments')
    .select('scope')
    .distinct()
    .where('orgId', '=', orgId)
    .where('sha256', '=', sha256)
    .where('arrivedAt', 'is not', null)
    .execute();
  const isVisible = createScopeFilter(visible);
  return uses.some(({ scope }) => isVisible(scope));
}

function createScopeFilter(visible: readonly string[]): (scope: string) => boolean {
  const named = new Set(visible);
  const seesEverything = named.has(everythingScope);
  return (scope) => named.has(scope) || (seesEverything && isScopeCovered(everythingScope, scope));
}

async function listDamaged(trx: ServerTransaction, orgId: string): Promise<string[]> {
  const damaged = await trx
    .selectFrom('contents')
    .select('sha256')
    .where('orgId', '=', orgId)
    .where('damagedAt', 'is not', null)
    .execute();
  return damaged.map(({ sha256 }) => sha256);
}

/**
 * The contents for which the server asks this person's devices: what they attached and never gave, or what was
 * collected before it was attached again; and what the server lost or had damaged, of all that they gave or may read. At
 * most a thousand; the rest comes when those have been given.
 * @throws StintError `forbidden` for who may give nothing.
 */
export async function listWantedFiles(
  database: ServerDatabase,
  accountId: string,
  orgId: string,
): Promise<{ sha256: string; sizeBytes: number }[]> {
  return await database.read(async (trx) => {
    const membership = await getUploader(trx, orgId, accountId);
    const wanted = new Map<string, number>();
    const isActive = membership.status === 'active';
    const visible = isActive ? await listVisibleScopes(trx, membership) : [];
    const damaged = await trx
      .selectFrom('contents')
      .leftJoin('fileGrants', (join) =>
        join
          .onRef('fileGrants.orgId', '=', 'contents.orgId')
          .onRef('fileGrants.sha256', '=', 'contents.sha256')
          .on('fileGrants.membershipId', '=', membership.id),
      )
      .select(['contents.sha256', 'contents.sizeBytes', 'fileGrants.grantedAt'])
      .where('contents.orgId', '=', orgId)
      .where('contents.damagedAt', 'is not', null)
      .orderBy('contents.sizeBytes')
      .execute();
    for (const { sha256, sizeBytes, grantedAt } of isActive ? damaged : []) {
      if (wanted.size >= mostWanted) break;
      if (grantedAt !== null || (await isUsedWithin(trx, visible, { orgId, sha256 })))
        wanted.set(sha256, sizeBytes);
    }
    let absent = trx
      .selectFrom('attachments')
      .select(['sha256', 'sizeBytes'])
      .where('orgId', '=', orgId)
      .where('createdBy', '=', membership.id)
      .where('arrivedAt', 'is', null)
      .where('removedAt', 'is', null)
      .orderBy('sizeBytes')
      .limit(mostWanted - wanted.size);
    if (!isActive) absent = absent.where('ownerKind', '=', 'submission');
    for (const { sha256, sizeBytes } of await absent.execute()) wanted.set(sha256, sizeBytes);
    return [...wanted].map(([sha256, sizeBytes]) => ({ sha256, sizeBytes }));
  });
}
