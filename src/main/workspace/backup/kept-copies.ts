import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { computeEpochMs } from '../../../shared/ports.ts';
import { type CopyFolder, listCopies, listDamagedFiles } from './copy-folders.ts';
import type { CopyReason } from './copy-format.ts';

const keptHourly = 24;
const keptDays = 21;
const keptBeforeMigrationMs = 90 * 86_400_000;

export interface DatedCopy {
  readonly number: number;
  readonly createdAt: string;
  readonly reason: CopyReason;
  /** Whether a file of it is known to be missing or changed. */
  readonly isDamaged?: boolean;
}

const computeDay = ({ createdAt }: DatedCopy): string => createdAt.slice(0, 10);

/**
 * Which copies are no longer kept: beside the newest 24, the newest of each of the newest 21 days on which there
 * were any, and for 90 days those made before a migration. Copies are counted in the order in which they were
 * made, so a clock that was wrong for a day costs nothing (SY-17). A damaged one is kept as the others are, and takes
 * the place of none that is whole.
 */
export function computeSurplus<Copy extends DatedCopy>(
  copies: readonly Copy[],
  nowMs: number,
): Copy[] {
  const newestFirst = copies.toSorted((one, other) => other.number - one.number);
  const rotating = newestFirst.filter(({ reason }) => reason !== 'before_migration');
  const kept = new Set<Copy>([
    ...listNewest(rotating),
    ...listNewest(rotating.filter(({ isDamaged }) => isDamaged !== true)),
  ]);
  for (const copy of newestFirst) {
    if (copy.reason !== 'before_migration') continue;
    const isOld = computeEpochMs(copy.createdAt) < nowMs - keptBeforeMigrationMs;
    // A clock that jumped ahead by years alone must not take them.
    const laterDays = new Set(
      rotating.filter(({ number }) => number > copy.number).map(computeDay),
    );
    if (!isOld || laterDays.size < keptDays) kept.add(copy);
  }
  return newestFirst.filter((copy) => !kept.has(copy));
}

/** The newest, and the newest of each day. */
function listNewest<Copy extends DatedCopy>(newestFirst: readonly Copy[]): Copy[] {
  const byDay = new Map<string, Copy>();
  for (const copy of newestFirst)
    if (byDay.size < keptDays && !byDay.has(computeDay(copy))) byDay.set(computeDay(copy), copy);
  return [...newestFirst.slice(0, keptHourly), ...byDay.values()];
}

/** Removes the copies that are no longer kept. One that cannot be read stays: somebody may want to look at it. */
export async function removeSurplus(folder: string, nowMs: number): Promise<void> {
  const copies = (await listCopies(folder)).flatMap(({ manifest, problem, ...copy }) =>
    manifest === undefined
      ? []
      : [{ ...copy, manifest, ...manifest, isDamaged: problem !== undefined }],
  );
  const checked = new Set<string>();
  for (;;) {
    const surplus = computeSurplus(copies, nowMs);
    // What takes a place is read through, and nothing else: all copies would be too much for each hour.
    const successor = findSuccessors(copies, surplus).find(({ name }) => !checked.has(name));
    if (successor === undefined) {
      for (const copy of surplus) await removeCopy(copy);
      return;
    }
    checked.add(successor.name);
    successor.isDamaged = (await listDamagedFiles(successor, successor.manifest)).length > 0;
  }
}

/** For each day of which a copy goes, the one that stands for it. */
function findSuccessors<Copy extends DatedCopy>(
  copies: readonly Copy[],
  surplus: readonly Copy[],
): Copy[] {
  const days = new Set(surplus.map(computeDay));
  return copies
    .toSorted((one, other) => other.number - one.number)
    .filter((copy) => {
      if (copy.isDamaged === true || copy.reason === 'before_migration') return false;
      return days.delete(computeDay(copy));
    });
}

async function removeCopy(copy: CopyFolder): Promise<void> {
  // Out of the list in one step: half of it must never look whole.
  const leaving = join(dirname(copy.path), `.removed-${copy.name}`);
  await rename(copy.path, leaving);
  await rm(leaving, { recursive: true, force: true });
}
