import type { Seat } from '../seats/seat.ts';
import { applyBeneathForecasts } from './forecasts.ts';
import { dropUncoveredRows } from './mirrored-rows.ts';

/**
 * SY-10, when the person no longer belongs to the organization: the mirrored rows go, and what was not sent
 * is kept in the outbox, with its files, for export. Repeating it changes nothing.
 */
export async function keepUnsentWork(seat: Seat, at: string): Promise<void> {
  await seat.db.transaction().execute(async (tx) => {
    const state = await tx.selectFrom('seatState').selectAll().executeTakeFirstOrThrow();
    if (state.accessLostAt !== null) return;
    await applyBeneathForecasts(seat, tx, async () => {
      await tx
        .updateTable('outboxStates')
        .set({
          state: 'kept',
          code: 'forbidden',
          message:
            'you no longer belong to this organization; the work is kept here and can be exported',
          answeredAt: at,
        })
        .where('state', '=', 'pending')
        .execute();
      await tx
        .updateTable('outboxStates')
        .set({ state: 'settled' })
        .where('state', '=', 'applied')
        .execute();
      const held = await tx.selectFrom('scopeCursors').select('scope').execute();
      await dropUncoveredRows(
        tx,
        held.map(({ scope }) => scope),
        [],
      );
      await tx.updateTable('seatState').set({ accessLostAt: at }).execute();
    });
  });
  seat.announceChange(['outbox', 'tasks', 'projects', 'engagements', 'submissions', 'timeEntries']);
}
