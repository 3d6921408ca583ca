import { timeAnchorStatementSchema } from '../../../shared/domain/time-anchor.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import type { Seat } from '../seats/seat.ts';

/**
 * How far this computer's clock is ahead of the server's, in milliseconds, negative where it is behind: by the
 * newest anchor and the monotonic time since. Null where none was heard since the machine was started.
 */
export async function findClockDifferenceMs(seat: Seat): Promise<number | null> {
  const held = await seat.db.selectFrom('heldAnchors').selectAll().executeTakeFirst();
  if (held === undefined || held.bootId !== seat.clock.bootId) return null;
  const statement = timeAnchorStatementSchema.safeParse(JSON.parse(held.statementJson));
  if (!statement.success) return null;
  const elapsedMs = seat.clock.monotonicMs() - held.monotonicMs;
  return Math.round(seat.clock.nowMs() - (computeEpochMs(statement.data.at) + elapsedMs));
}
