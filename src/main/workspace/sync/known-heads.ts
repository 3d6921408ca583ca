import type { Kysely, Transaction } from 'kysely';
import type { Head } from '../../../shared/protocol/push.ts';
import { maximumKnownHeads } from '../../../shared/protocol/version.ts';
import type { KnownHeadRow, SeatDatabase } from '../database/seat-tables.ts';

/**
 * SY-15: the heads that this seat has reached, newest first, for finding the common point with a server that was
 * restored from a backup.
 */
export async function listKnownHeads(db: Kysely<SeatDatabase>): Promise<Head[]> {
  return await db
    .selectFrom('knownHeads')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(maximumKnownHeads)
    .execute();
}

/** Notes a head that a complete pull has reached, and thins out those before it. */
export async function noteKnownHead(
  tx: Transaction<SeatDatabase>,
  head: KnownHeadRow,
): Promise<void> {
  if (head.seq === 0) return;
  await tx
    .insertInto('knownHeads')
    .values(head)
    .onConflict((conflict) =>
      conflict.column('seq').doUpdateSet({ hash: head.hash, reachedAt: head.reachedAt }),
    )
    .execute();
  const seqs = await tx.selectFrom('knownHeads').select('seq').orderBy('seq', 'desc').execute();
  const dropped = listDispensable(
    seqs.map(({ seq }) => seq),
    maximumKnownHeads,
  );
  if (dropped.length > 0) await tx.deleteFrom('knownHeads').where('seq', 'in', dropped).execute();
}

/**
 * Which of these numbers, newest first, can be spared so that at most `limit` remain. The newest and the oldest
 * always stay; in between, each number goes whose absence widens the gap around it the least, measured
 * against its age: what remains stands close together where it is new, and ever further apart the older it is.
 */
export function listDispensable(seqs: readonly number[], limit: number): number[] {
  const kept = [...seqs];
  const dropped: number[] = [];
  while (kept.length > limit) {
    const newest = kept[0] ?? 0;
    let leastIndex = 1;
    let leastGap = Number.POSITIVE_INFINITY;
    for (let index = 1; index < kept.length - 1; index += 1) {
      const gap =
        ((kept[index - 1] ?? 0) - (kept[index + 1] ?? 0)) / (newest - (kept[index] ?? 0) + 1);
      if (gap < leastGap) [leastIndex, leastGap] = [index, gap];
    }
    dropped.push(...kept.splice(leastIndex, 1));
  }
  return dropped;
}
