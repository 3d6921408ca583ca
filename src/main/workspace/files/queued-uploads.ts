import type { Kysely } from 'kysely';
import type { SeatDatabase, UploadRow } from '../database/seat-tables.ts';

type Db = Kysely<SeatDatabase>;

/**
 * What waits to be sent, at most so many. Small ones first; but what failed comes behind what was tried less often, or a
 * round full of them would leave no place.
 */
export async function loadWaitingUploads(db: Db, limit: number): Promise<UploadRow[]> {
  return await db
    .selectFrom('uploads')
    .selectAll()
    .where('finishedAt', 'is', null)
    .orderBy('attempts')
    .orderBy('sizeBytes')
    .limit(limit)
    .execute();
}

export async function isUploadWaiting(db: Db, sha256: string): Promise<boolean> {
  const row = await db
    .selectFrom('uploads')
    .select('sha256')
    .where('sha256', '=', sha256)
    .where('finishedAt', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** @param finishedAt when the server had them all. */
export async function finishUploads(
  db: Db,
  hashes: readonly string[],
  finishedAt: string,
): Promise<void> {
  if (hashes.length === 0) return;
  await db
    .updateTable('uploads')
    .set((row) => ({ finishedAt, sentBytes: row.ref('sizeBytes'), problem: null }))
    .where('sha256', 'in', hashes)
    .execute();
}

export async function saveUpload(
  db: Db,
  { sha256 }: Pick<UploadRow, 'sha256'>,
  patch: Partial<UploadRow>,
): Promise<void> {
  await db.updateTable('uploads').set(patch).where('sha256', '=', sha256).execute();
}
