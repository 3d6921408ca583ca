import type { Kysely } from 'kysely';
import { StintError } from '../../shared/errors.ts';
import type { ServerTransaction } from '../database/server-database.ts';
import type { ServerTables } from '../database/server-tables.ts';

interface Content {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * Keeps room for an upload that begins, before a byte of it goes. One conditional statement, so that uploads that
 * begin at once, in whichever process, never get more than there is. What the organization holds already takes no
 * room; what the same person began before gives its room to the new one.
 *
 * @returns how much was kept, to be stored with the upload.
 * @throws StintError `quota_exceeded`; nothing is kept then.
 */
export async function reserveRoom(
  trx: ServerTransaction,
  owner: { readonly orgId: string; readonly membershipId: string },
  content: Content,
  defaultQuotaBytes: number | undefined,
): Promise<number> {
  const { orgId } = owner;
  const held = await trx
    .selectFrom('contents')
    .select('sha256')
    .where('orgId', '=', orgId)
    .where('sha256', '=', content.sha256)
    .executeTakeFirst();
  if (held !== undefined || content.sizeBytes === 0) return 0;
  await ensureStorageRow(trx, orgId);
  // Its row is locked by this, so that what was begun before cannot end meanwhile.
  const { usedBytes, quotaBytes } = await trx
    .updateTable('organizationStorage')
    .set((row) => ({ usedBytes: row('usedBytes', '+', content.sizeBytes) }))
    .where('orgId', '=', orgId)
    .returning(['usedBytes', 'quotaBytes'])
    .executeTakeFirstOrThrow();
  const takenOver = await takeOverReservations(trx, owner, content);
  if (takenOver > 0) await changeUsedBytes(trx, orgId, -takenOver);
  const limitBytes = quotaBytes ?? defaultQuotaBytes;
  const wantedBytes = usedBytes - takenOver;
  if (limitBytes !== undefined && wantedBytes > limitBytes)
    throw new StintError(
      'quota_exceeded',
      `the organization may keep ${limitBytes} bytes of files on this server and uses ${wantedBytes - content.sizeBytes}; this file needs ${content.sizeBytes} more`,
    );
  return content.sizeBytes;
}

/**
 * Whether there is room for so many bytes of contents besides what is kept already, looked at before they are put down.
 * No promise: others may take it meanwhile.
 */
export async function hasRoomFor(
  db: Kysely<ServerTables>,
  orgId: string,
  sizeBytes: number,
  defaultQuotaBytes: number | undefined,
): Promise<boolean> {
  const room = await db
    .selectFrom('organizationStorage')
    .select(['usedBytes', 'quotaBytes'])
    .where('orgId', '=', orgId)
    .executeTakeFirst();
  const limitBytes = room?.quotaBytes ?? defaultQuotaBytes;
  return limitBytes === undefined || (room?.usedBytes ?? 0) + sizeBytes <= limitBytes;
}

/**
 * Whether what was entered has room, in the transaction that entered it.
 * @throws StintError `quota_exceeded`; the transaction is to be given up then.
 */
export async function assertRoomWithin(
  trx: ServerTransaction,
  orgId: string,
  defaultQuotaBytes: number | undefined,
): Promise<void> {
  const room = await trx
    .selectFrom('organizationStorage')
    .select(['usedBytes', 'quotaBytes'])
    .where('orgId', '=', orgId)
    .executeTakeFirst();
  const limitBytes = room?.quotaBytes ?? defaultQuotaBytes;
  if (room === undefined || limitBytes === undefined || room.usedBytes <= limitBytes) return;
  throw new StintError(
    'quota_exceeded',
    `the organization may keep ${limitBytes} bytes of files on this server and would use ${room.usedBytes}`,
  );
}

/** A device that lost an upload's address begins another: the first one keeps no room any more. */
async function takeOverReservations(
  trx: ServerTransaction,
  { orgId, membershipId }: { readonly orgId: string; readonly membershipId: string },
  { sha256 }: Content,
): Promise<number> {
  const begun = await trx
    .selectFrom('uploads')
    .select(['id', 'reservedBytes'])
    .where('orgId', '=', orgId)
    .where('membershipId', '=', membershipId)
    .where('sha256', '=', sha256)
    .where('finishedAt', 'is', null)
    .where('reservedBytes', '>', 0)
    .execute();
  if (begun.length === 0) return 0;
  await trx
    .updateTable('uploads')
    .set({ reservedBytes: 0 })
    .where(
      'id',
      'in',
      begun.map(({ id }) => id),
    )
    .execute();
  return begun.reduce((sum, { reservedBytes }) => sum + (reservedBytes ?? 0), 0);
}

export async function changeUsedBytes(
  trx: ServerTransaction,
  orgId: string,
  byBytes: number,
): Promise<void> {
  if (byBytes === 0) return;
  await ensureStorageRow(trx, orgId);
  await trx
    .updateTable('organizationStorage')
    .set((row) => ({ usedBytes: row('usedBytes', '+', byBytes) }))
    .where('orgId', '=', orgId)
    .execute();
}

export async function ensureStorageRow(trx: ServerTransaction, orgId: string): Promise<void> {
  await trx
    .insertInto('organizationStorage')
    .values({ orgId, usedBytes: 0, quotaBytes: null })
    .onConflict((conflict) => conflict.column('orgId').doNothing())
    .execute();
}

/**
 * Gives back what was kept for an upload that ends, one way or the other. The organization's row is locked before the
 * upload's, as everywhere.
 */
export async function releaseRoom(
  trx: ServerTransaction,
  orgId: string,
  uploadId: string,
): Promise<void> {
  await lockStorageRow(trx, orgId);
  const upload = await trx
    .selectFrom('uploads')
    .select('reservedBytes')
    .where('id', '=', uploadId)
    .executeTakeFirst();
  const reservedBytes = upload?.reservedBytes ?? 0;
  if (reservedBytes === 0) return;
  await trx.updateTable('uploads').set({ reservedBytes: 0 }).where('id', '=', uploadId).execute();
  await changeUsedBytes(trx, orgId, -reservedBytes);
}

/** What changes nothing in it takes its lock, in either database. */
async function lockStorageRow(trx: ServerTransaction, orgId: string): Promise<void> {
  await trx
    .updateTable('organizationStorage')
    .set((row) => ({ usedBytes: row.ref('usedBytes') }))
    .where('orgId', '=', orgId)
    .execute();
}

/**
 * Enters contents that the store holds now.
 * @returns whether one of them was damaged until now.
 */
export async function enterContents(
  trx: ServerTransaction,
  orgId: string,
  contents: readonly Content[],
  at: string,
): Promise<{ readonly isHealed: boolean }> {
  await lockStorageRow(trx, orgId);
  const hashes = contents.map(({ sha256 }) => sha256);
  const known = await trx
    .selectFrom('contents')
    .select(['sha256', 'damagedAt'])
    .where('orgId', '=', orgId)
    .where('sha256', 'in', hashes)
    .execute();
  if (known.length > 0)
    await trx
      .updateTable('contents')
      .set({ damagedAt: null, looseSince: null, checkedAt: at })
      .where('orgId', '=', orgId)
      .where('sha256', 'in', hashes)
      .execute();
  const isKnown = new Set(known.map(({ sha256 }) => sha256));
  const added = contents.filter(({ sha256 }) => !isKnown.has(sha256));
  if (added.length > 0)
    await trx
      .insertInto('contents')
      .values(
        added.map(({ sha256, sizeBytes }) => ({
          orgId,
          sha256,
          sizeBytes,
          storedAt: at,
          looseSince: null,
          damagedAt: null,
          checkedAt: at,
        })),
      )
      .execute();
  await changeUsedBytes(
    trx,
    orgId,
    added.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
  return { isHealed: known.some(({ damagedAt }) => damagedAt !== null) };
}

/**
 * Counts what an organization uses anew from the rows: a restored backup leaves out the uploads for which room had been
 * kept.
 * @returns by how many bytes the counter was off.
 */
export async function recountUsedBytes(trx: ServerTransaction, orgId: string): Promise<number> {
  await ensureStorageRow(trx, orgId);
  await lockStorageRow(trx, orgId);
  const differenceBytes = await computeMiscount(trx, orgId);
  await changeUsedBytes(trx, orgId, differenceBytes);
  return differenceBytes;
}

/** By how many bytes the counter of an organization that has one is off. */
export async function computeMiscount(trx: ServerTransaction, orgId: string): Promise<number> {
  const sum = (value: string | number | bigint | null | undefined): number => Number(value ?? 0);
  const counted = await trx
    .selectFrom('organizationStorage')
    .select('usedBytes')
    .where('orgId', '=', orgId)
    .executeTakeFirstOrThrow();
  const stored = await trx
    .selectFrom('contents')
    .select((row) => row.fn.sum('sizeBytes').as('bytes'))
    .where('orgId', '=', orgId)
    .executeTakeFirst();
  const reserved = await trx
    .selectFrom('uploads')
    .select((row) => row.fn.sum('reservedBytes').as('bytes'))
    .where('orgId', '=', orgId)
    .executeTakeFirst();
  return sum(stored?.bytes) + sum(reserved?.bytes) - counted.usedBytes;
}
