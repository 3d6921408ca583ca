import type { Transaction } from 'kysely';
import type { TimeAnchor } from '../../../shared/domain/time-anchor.ts';
import { type Clock, computeIsoInstant } from '../../../shared/ports.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';

/**
 * SY-17: keeps an anchor with the monotonic time of the answer that brought it. Those of complete pulls say up to
 * where this device had seen the organization, and replace any other; those of pushes don't, and count only
 * where there is none yet.
 *
 * @param heardMs the monotonic reading of when the answer came, in milliseconds.
 */
export async function holdAnchor(
  tx: Transaction<SeatDatabase>,
  anchor: TimeAnchor | null,
  source: 'complete_pull' | 'push',
  clock: Clock,
  heardMs: number,
): Promise<void> {
  if (anchor === null) return;
  const { statementJson, keyId, signature } = anchor;
  // The two clocks are read one after the other here, not when the answer came: what has passed since is taken off.
  const heldSince = computeIsoInstant(Math.round(clock.nowMs() - (clock.monotonicMs() - heardMs)));
  const held = {
    statementJson,
    keyId,
    signature,
    bootId: clock.bootId,
    monotonicMs: heardMs,
    heldSince,
  };
  await tx
    .insertInto('heldAnchors')
    .values({ only: 1, ...held })
    .onConflict((conflict) =>
      source === 'complete_pull'
        ? conflict.column('only').doUpdateSet(held)
        : conflict.column('only').doNothing(),
    )
    .execute();
}
