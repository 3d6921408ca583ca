import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { computeEpochMs } from '../../../shared/ports.ts';
import { type CopyFolder, listCopies } from './copy-folders.ts';
import type { CopyReason } from './copy-format.ts';

const keptHourly = 24;
const keptDays = 21;
const keptBeforeMigrationMs = 90 * 86_400_000;

export interface DatedCopy {
  readonly number: number;
  readonly createdAt: string;
  readonly reason: CopyReason;
}

/**
 * Which copies are no longer kept: beside the newest 24, the newest of each of the newest 21 days on which there
 * were any, and for 90 days those made before a migration. Copies are counted in the order in which they were
 * made, so a clock that was wrong for a day costs nothing (SY-17).
 */
export function computeSurplus<Copy extends DatedCopy>(
  copies: readonly Copy[],
  nowMs: number,
): Copy[] {
  const newestFirst = copies.toSorted((one, other) => other.number - one.number);
  const rotating = newestFirst.filter(({ reason }) => reason !== 'before_migration');
  const kept = new Set<Copy>(rotating.slice(0, keptHourly));
  const days = new Set<string>();
  for (const copy of rotating) {
    const day = copy.createdAt.slice(0, 10);
    if (days.has(day) || days.size >= keptDays) continue;
    days.add(day);
    kept.add(copy);
  }
  for (const copy of newestFirst) {
    if (copy.reason !== 'before_migration') continue;
    const isOld = computeEpochMs(copy.createdAt) < nowMs - keptBeforeMigrationMs;
    // A clock that jumped ahead by years alone must not take them.
    const laterDays = new Set(
      rotating
        .filter(({ number }) => number > copy.number)
        .map(({ createdAt }) => createdAt.slice(0, 10)),
    );
    if (!isOld || laterDays.size < keptDays) kept.add(copy);
  }
  return newestFirst.filter((copy) => !kept.has(copy));
}

/** Removes the copies that are no longer kept. One that cannot be read stays: somebody may want to look at it. */
export async function removeSurplus(folder: string, nowMs: number): Promise<void> {
  const copies = (await listCopies(folder)).flatMap(({ manifest, ...copy }) =>
    manifest === undefined ? [] : [{ ...copy, ...manifest }],
  );
  for (const copy of computeSurplus(copies, nowMs)) await removeCopy(copy);
}

async function removeCopy(copy: CopyFolder): Promise<void> {
  // Out of the list in one step: half of it must never look whole.
  const leaving = join(dirname(copy.path), `.removed-${copy.name}`);
  await rename(copy.path, leaving);
  await rm(leaving, { recursive: true, force: true });
}
