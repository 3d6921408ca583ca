import { timeAnchorStatementSchema } from '../../../shared/domain/time-anchor.ts';
import { clockToleranceMs } from '../../../shared/domain/verdict.ts';
import { type Clock, computeEpochMs } from '../../../shared/ports.ts';
import type { Seat } from '../seats/seat.ts';

/**
 * SY-17: how far this computer's clock is ahead of the server's, in milliseconds; negative where it is behind, null
 * where the server has not stated its time yet. Measured when the newest anchor came. What a clock was turned back by
 * since then is known; that it was put forward is not, since it looks the same as sleep.
 */
export async function loadClockDifference(seat: Seat, clock: Clock): Promise<number | null> {
  const held = await seat.db.selectFrom('heldAnchors').selectAll().executeTakeFirst();
  if (held === undefined) return null;
  const statement = timeAnchorStatementSchema.safeParse(parseJson(held.statementJson)).data;
  if (statement === undefined) return null;
  const heldSinceMs = computeEpochMs(held.heldSince);
  const differenceMs = heldSinceMs - computeEpochMs(statement.at);
  if (held.bootId !== clock.bootId) return Math.round(differenceMs);
  const movedMs = clock.nowMs() - heldSinceMs - (clock.monotonicMs() - held.monotonicMs);
  return Math.round(movedMs < -clockToleranceMs ? differenceMs + movedMs : differenceMs);
}

/** What the server stated is kept as it came, whatever it is: only the server can verify it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
