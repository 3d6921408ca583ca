import { stat } from 'node:fs/promises';
import path from 'node:path';
import { computeEpochMs, computeIsoInstant } from '../../shared/ports.ts';
import type { ServerDatabase } from '../database/server-database.ts';

/** Uploads that are not whole wait this long, from their last byte on, for their devices to come back to them. */
const keptUnfinishedMs = 30 * 24 * 3_600_000;
/** One whose person has begun the same content anew, or given it, has lost its device's memory of it: it waits no longer. */
const keptSupersededMs = 3_600_000;
/** Finished ones are remembered this long, to answer a device that did not hear of the end. */
const keptFinishedMs = 24 * 3_600_000;

/** Of the uploads that wait in this folder, those that nobody comes back to any more. */
export async function listForgottenUploads(
  { db }: Pick<ServerDatabase, 'db'>,
  folder: string,
  nowMs: number,
): Promise<string[]> {
  const computeLimit = (keptMs: number): string => computeIsoInstant(nowMs - keptMs);
  const finished = await db
    .selectFrom('uploads')
    .select('id')
    .where('finishedAt', '<', computeLimit(keptFinishedMs))
    .execute();
  const waiting = await db
    .selectFrom('uploads')
    .select((row) => [
      'id',
      'createdAt',
      row
        .or([
          row.exists(
            row
              .selectFrom('uploads as later')
              .select('later.id')
              .whereRef('later.orgId', '=', 'uploads.orgId')
              .whereRef('later.membershipId', '=', 'uploads.membershipId')
              .whereRef('later.sha256', '=', 'uploads.sha256')
              .whereRef('later.createdAt', '>', 'uploads.createdAt'),
          ),
          row.exists(
            row
              .selectFrom('fileGrants')
              .select('fileGrants.sha256')
              .whereRef('fileGrants.orgId', '=', 'uploads.orgId')
              .whereRef('fileGrants.membershipId', '=', 'uploads.membershipId')
              .whereRef('fileGrants.sha256', '=', 'uploads.sha256')
              .whereRef('fileGrants.grantedAt', '>', 'uploads.createdAt'),
          ),
        ])
        .as('isSuperseded'),
    ])
    .where('finishedAt', 'is', null)
    .where('createdAt', '<', computeLimit(keptSupersededMs))
    .execute();
  const forgotten = finished.map(({ id }) => id);
  for (const { id, createdAt, isSuperseded } of waiting) {
    const found = await stat(path.join(folder, id)).catch(() => undefined);
    const lastMs = Math.max(computeEpochMs(createdAt), found?.mtimeMs ?? 0);
    const keptMs = isSuperseded ? keptSupersededMs : keptUnfinishedMs;
    if (lastMs < nowMs - keptMs) forgotten.push(id);
  }
  return forgotten;
}
