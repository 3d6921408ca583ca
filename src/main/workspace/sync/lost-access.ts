import { dropNeedlessUploads } from '../files/needless-uploads.ts';
import type { Seat } from '../seats/seat.ts';
import { moveToVault } from '../vault/move-to-vault.ts';
import { applyBeneathForecasts } from './forecasts.ts';
import { dropRows, listUncoveredScopes } from './mirrored-rows.ts';
import { keepReceipts } from './server-restart.ts';

/**
 * What the server refused. Where it still takes pushes, what waits goes on waiting to be sent: the server answers each
 * change (work is quarantined for the employer). Where it takes none, all of it is kept here.
 */
type Refused = 'push' | 'pull' | 'account_closed';

/**
 * SY-10, when the person no longer belongs to the organization: the mirrored rows go, and what was not sent
 * is kept in the outbox, with its files, for export. Repeating it changes nothing.
 */
export async function keepUnsentWork(seat: Seat, refused: Refused, at: string): Promise<void> {
  const hasChanged = await seat.db.transaction().execute(async (tx) => {
    const state = await tx.selectFrom('seatState').selectAll().executeTakeFirstOrThrow();
    const pending = await tx
      .selectFrom('outboxStates')
      .select('mutationId')
      .where('state', '=', 'pending')
      .limit(1)
      .execute();
    const hasToKeep = refused !== 'pull' && pending.length > 0;
    const isNewlyClosed = refused === 'account_closed' && state.accountClosedAt === null;
    if (isNewlyClosed) {
      await tx.updateTable('seatState').set({ accountClosedAt: at }).execute();
      // Nothing of this account is taken any more, the files of work that was quarantined neither.
      await tx.deleteFrom('uploads').where('finishedAt', 'is', null).execute();
    }
    if (state.accessLostAt !== null && !hasToKeep) return isNewlyClosed;
    const held = await tx.selectFrom('scopeCursors').select('scope').execute();
    const leaving = await listUncoveredScopes(
      tx,
      held.map(({ scope }) => scope),
      [],
    );
    await moveToVault(seat, tx, { scopes: leaving, at });
    await keepReceipts(seat, tx, { seq: 0 });
    await applyBeneathForecasts(seat, tx, async () => {
      if (hasToKeep)
        await tx
          .updateTable('outboxStates')
          .set({
            state: 'kept',
            code: 'forbidden',
            message:
              refused === 'account_closed'
                ? 'the account was closed; the work is kept here and can be exported'
                : 'you no longer belong to this organization; the work is kept here and can be exported',
            answeredAt: at,
          })
          .where('state', '=', 'pending')
          .execute();
      // What the server would not take even into quarantine is the person's to keep.
      await tx
        .updateTable('outboxStates')
        .set({ state: 'kept' })
        .where('state', '=', 'rejected')
        .where('code', '=', 'forbidden')
        .execute();
      await tx
        .updateTable('outboxStates')
        .set({ state: 'settled' })
        .where('state', '=', 'applied')
        .execute();
      await tx.deleteFrom('servedRows').execute();
      await dropNeedlessUploads(tx);
      await dropRows(tx, leaving);
      await tx.deleteFrom('scopeCursors').execute();
      await tx
        .updateTable('seatState')
        .set({ headSeq: 0, headHash: '', accessLostAt: state.accessLostAt ?? at })
        .execute();
    });
    return true;
  });
  if (hasChanged)
    seat.announceChange([
      'outbox',
      'tasks',
      'projects',
      'engagements',
      'submissions',
      'timeEntries',
    ]);
}
