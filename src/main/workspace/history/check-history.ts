import { ChainCheck } from '../../../shared/domain/log-chain.ts';
import type { Sha256Hex } from '../../../shared/ports.ts';
import { Turns } from '../sync/turns.ts';
import type { Seat } from '../seats/seat.ts';

export interface HistoryVerdict {
  readonly entries: number;
  readonly isWhole: boolean;
  /** In words, what is wrong with the first entry that does not fit. */
  readonly problem: string | null;
}

const entriesPerTurn = 500;

/** Follows the chain over all entries that this computer holds. An intern holds their own alone, which form none. */
export async function checkHistory(seat: Seat, sha256Hex: Sha256Hex): Promise<HistoryVerdict> {
  const chain = new ChainCheck(sha256Hex);
  if (seat.record.role === 'intern')
    return {
      entries: 0,
      isWhole: false,
      problem:
        'the chain goes through what everybody did; only an owner or a manager holds all of it',
    };
  const turns = new Turns(() => seat.clock.monotonicMs());
  for (let after = 0; ;) {
    const page = await seat.db
      .selectFrom('historyEntries')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(entriesPerTurn)
      .execute();
    for (const entry of page) {
      const problem = chain.follow(entry);
      if (problem !== undefined) return { entries: chain.entries, isWhole: false, problem };
      await turns.pass();
    }
    const last = page.at(-1);
    if (last === undefined) return { entries: chain.entries, isWhole: true, problem: null };
    after = last.seq;
  }
}
