import {
  sql,
  type RawBuilder,
  type Selectable,
  type SelectQueryBuilder,
  type SqlBool,
} from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { HistoryFilter } from '../../../shared/contract/history-requests.ts';
import type { HistoryEntryRow, SeatDatabase } from '../database/seat-tables.ts';
import { privateActName } from '../../../shared/protocol/history.ts';
import type { Seat } from '../seats/seat.ts';
import { yieldToOthers } from '../sync/turns.ts';

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
    query = query.where(matchText(sql.ref('historyEntries.argsJson'), text));
  return query;
}

/** So many are searched at once, so that years of history don't make this process deaf. */
const entriesPerPiece = 500;

/** The history in pieces, oldest first, each from behind one number up to another; whoever else waits has a turn between. */
export async function* splitHistory(
  seat: Seat,
): AsyncGenerator<{ readonly after: number; readonly upTo: number }> {
  for (let after = 0; ;) {
    const piece = seat.db
      .selectFrom('historyEntries')
      .select('seq')
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(entriesPerPiece);
    const { upTo } = await seat.db
      .selectFrom(piece.as('piece'))
      .select(({ fn }) => fn.max<number | null>('seq').as('upTo'))
      .executeTakeFirstOrThrow();
    if (upTo === null) return;
    yield { after, upTo };
    await yieldToOthers();
    after = upTo;
  }
}

/** The numbers of the entries that a filter leaves, oldest first. */
export async function findNumbers(seat: Seat, query: HistoryQuery): Promise<number[]> {
  const found: number[] = [];
  for await (const { after, upTo } of splitHistory(seat)) {
    const rows = await query
      .clearSelect()
      .select('seq')
      .where('seq', '>', after)
      .where('seq', '<=', upTo)
      .orderBy('seq')
      .execute();
    for (const { seq } of rows) found.push(seq);
  }
  return found;
}

/**
 * Whether JSON holds a text, in capitals or not. SQLite's `like` knows the capitals of ASCII alone: other letters of the
 * text are made small in the column first, each by itself, which costs least where there are few of them.
 */
function matchText(json: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  let folded = json;
  let wanted = '';
  const capitals = new Set<string>();
  for (const letter of JSON.stringify(text).slice(1, -1)) {
    const small = isOneLetter(letter.toLowerCase()) ? letter.toLowerCase() : letter;
    wanted += small;
    for (const capital of [letter, small.toUpperCase()]) {
      if (capital === small || capital <= '\u007F' || !isOneLetter(capital)) continue;
      if (capitals.has(capital)) continue;
      capitals.add(capital);
      folded = sql`replace(${folded}, ${capital}, ${small})`;
    }
  }
  return sql`${folded} like ${`%${wanted.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`} escape ${'\\'}`;
}

const isOneLetter = (text: string): boolean => /^.$/su.test(text);

/** The first moment of the day that comes `days` after `date`. */
function computeDayStart(date: string, zone: string, days: number): string {
  return Temporal.PlainDate.from(date)
    .add({ days })
    .toZonedDateTime(zone)
    .toInstant()
    .toString({ smallestUnit: 'millisecond' });
}
