import type { historyRequests } from '../../../shared/contract/history-requests.ts';
import { StintError } from '../../../shared/errors.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat } from '../engine/workspace.ts';
import { checkHistory } from './check-history.ts';
import { exportHistory } from './export-history.ts';
import { fetchHistory } from './fetch-history.ts';
import { listHistory } from './list-history.ts';

/** Every act in an organization, fetched from the server's log when somebody looks, and readable offline from then on. */
export const historyHandlers: HandlersOf<typeof historyRequests> = {
  'history.list': async ({ seatId, ...filter }, workspace) =>
    listHistory(workspace, getSeat(workspace, seatId), filter),

  'history.fetch': async ({ seatId }, workspace) => ({
    added: await fetchHistory(workspace, getSeat(workspace, seatId)),
  }),

  'history.details': async ({ seatId, seq }, workspace) => {
    const entry = await getSeat(workspace, seatId)
      .db.selectFrom('historyEntries')
      .select(['argsJson', 'argsHash', 'hash'])
      .where('seq', '=', seq)
      .executeTakeFirst();
    if (entry === undefined)
      throw new StintError('not_found', `there is no act ${seq} in the history on this computer`);
    return entry;
  },

  'history.check': async ({ seatId }, workspace) =>
    checkHistory(getSeat(workspace, seatId), workspace.ports.sha256Hex),

  'history.export': async ({ seatId, ...filter }, workspace) =>
    exportHistory(workspace, getSeat(workspace, seatId), filter),
};
