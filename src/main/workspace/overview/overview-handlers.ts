import type { overviewRequests } from '../../../shared/contract/overview-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat } from '../engine/workspace.ts';
import { loadOverview } from './load-overview.ts';

export const overviewHandlers: HandlersOf<typeof overviewRequests> = {
  'overview.get': async ({ seatId, first }, workspace) => ({
    rows: await loadOverview(getSeat(workspace, seatId), computeNow(workspace), first),
  }),
};
