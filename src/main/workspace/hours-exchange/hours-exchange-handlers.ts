import type { hoursExchangeRequests } from '../../../shared/contract/hours-exchange-requests.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat } from '../engine/workspace.ts';
import { endFeed, getFeed, renewFeed } from './calendar-feed.ts';
import { exportDeadlines } from './export-deadlines.ts';
import { exportHours } from './export-hours.ts';
import { importHours, inspectHoursImport } from './import-hours.ts';

/** Hours and deadlines out to other programs, and hours in from them. */
export const hoursExchangeHandlers: HandlersOf<typeof hoursExchangeRequests> = {
  'hours.export': async (asked, workspace) => exportHours(workspace, asked),
  'hours.inspectImport': async (input, workspace) => inspectHoursImport(workspace, input),
  'hours.import': async (input, workspace) => importHours(workspace, input),
  'calendar.export': async ({ seatId }, workspace) =>
    exportDeadlines(
      workspace,
      seatId === undefined ? workspace.seats.list() : [getSeat(workspace, seatId)],
    ),
  'calendar.getFeed': async ({ seatId }, workspace) =>
    getFeed(workspace, getSeat(workspace, seatId)),
  'calendar.renewFeed': async ({ seatId }, workspace) =>
    renewFeed(workspace, getSeat(workspace, seatId)),
  'calendar.endFeed': async ({ seatId }, workspace) => {
    await endFeed(workspace, getSeat(workspace, seatId));
    return {};
  },
};
