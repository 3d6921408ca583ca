import type { Selectable, SelectQueryBuilder } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { HistoryFilter } from '../../../shared/contract/history-requests.ts';
import type { HistoryEntryRow, SeatDatabase } from '../database/seat-tables.ts';
import { privateActName } from '../../../shared/protocol/history.ts';
import type { Seat } from '../seats/seat.ts';

export type HistoryQuery = SelectQueryBuilder<
  SeatDatabase,
  'historyEntries',
  Selectable<HistoryEntryRow>
>;

/**
 * The entries that a filter leaves, in no order, without the private acts of others, which only hold their place in the chain.
 * `zone` is the one whose days the filter names.
 */
export function filterHistory(
  seat: Seat,
  filter: Omit<HistoryFilter, 'seatId'>,
  zone: string,
): HistoryQuery {
  const { membershipId, name, from, to, text } = filter;
  let query: HistoryQuery = seat.db
    .selectFrom('historyEntries')
    .selectAll('historyEntries')
    .where('historyEntries.name', '!=', privateActName);
  if (membershipId !== undefined) query = query.where('actorMembershipId', '=', membershipId);
  if (name !== undefined) query = query.where('name', '=', name);
  if (from !== undefined) query = query.where('receivedAt', '>=', computeDayStart(from, zone, 0));
  if (to !== undefined) query = query.where('receivedAt', '<', computeDayStart(to, zone, 1));
  if (text !== undefined && text !== '')
    query = query.where('argsJson', 'like', `%${text.replaceAll(/[%_]/g, '')}%`);
  return query;
}

/** The first moment of the day that comes `days` after `date`. */
function computeDayStart(date: string, zone: string, days: number): string {
  return Temporal.PlainDate.from(date)
    .add({ days })
    .toZonedDateTime(zone)
    .toInstant()
    .toString({ smallestUnit: 'millisecond' });
}
