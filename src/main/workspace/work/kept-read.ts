import { sql } from 'kysely';
import type { Seat } from '../seats/seat.ts';

/**
 * Keeps what was read of a whole seat until anything in its database changed. What is read may depend on nothing else: not
 * on the time, not on other seats. Whoever is given it shares it with others, and changes nothing in it.
 */
export function createKeptRead<Value>(
  read: (seat: Seat) => Promise<Value>,
): (seat: Seat) => Promise<Value> {
  const keptBySeat = new WeakMap<Seat, { readonly state: string; readonly value: Value }>();
  return async (seat) => {
    const state = await readDatabaseState(seat);
    const kept = keptBySeat.get(seat);
    if (kept?.state === state) return kept.value;
    const value = await read(seat);
    // It was read in several steps: what came between them may be in some of it only.
    if ((await readDatabaseState(seat)) === state) keptBySeat.set(seat, { state, value });
    return value;
  };
}

/**
 * Another one after each change: SQLite counts the rows that this connection changed, those of triggers among them
 * (sqlite.org/c3ref/total_changes.html), and notices commits of others (sqlite.org/pragma.html#pragma_data_version). No
 * transaction is under way while it is read: the connection has one user at a time.
 */
async function readDatabaseState(seat: Seat): Promise<string> {
  const { rows } = await sql<{ own: number; others: number }>`
    select total_changes() as "own", "data_version" as "others" from pragma_data_version`.execute(
    seat.db,
  );
  return `${rows[0]?.own}/${rows[0]?.others}`;
}
