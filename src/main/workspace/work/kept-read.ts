import { sql } from 'kysely';
import type { Seat } from '../seats/seat.ts';
import { type Pausing, Turns, withoutTurns } from '../sync/turns.ts';

/** So often is begun anew what others got a turn in, before it is read in one go. */
const attemptsWithTurns = 2;

interface ReadValue<Value> {
  readonly value: Value;
  /** The state it is of; undefined where something changed while it was read. */
  readonly state: string | undefined;
}

interface Reading<Value> {
  readonly state: string;
  readonly value: Promise<Value>;
}

/**
 * Reads in steps, between which others have their turn, what is to be of one state of these seats' databases: what changed
 * meanwhile is read anew. Where changes come again and again, it is read without turns in the end.
 *
 * @param prepare writes what the reading would write (sums that have to be made anew), before its state is looked at.
 */
export async function readInOneState<Value>(
  seats: readonly Seat[],
  read: (turns: Pausing) => Promise<Value>,
  prepare?: (seat: Seat) => Promise<unknown>,
): Promise<Value> {
  return (await readAttentively(seats, read, prepare)).value;
}

async function readAttentively<Value>(
  seats: readonly Seat[],
  read: (turns: Pausing) => Promise<Value>,
  prepare?: (seat: Seat) => Promise<unknown>,
): Promise<ReadValue<Value>> {
  const [first] = seats;
  for (let attempt = 1; ; attempt += 1) {
    for (const seat of seats) await prepare?.(seat);
    const before = await readDatabaseStates(seats);
    const turns =
      attempt > attemptsWithTurns || first === undefined
        ? withoutTurns
        : new Turns(() => first.clock.monotonicMs());
    const value = await read(turns);
    const isSame = (await readDatabaseStates(seats)) === before;
    if (isSame || turns === withoutTurns) return { value, state: isSame ? before : undefined };
  }
}

/**
 * Keeps what was read of a whole seat until anything in its database changed. What is read may depend on nothing else: not
 * on the time, not on other seats. Whoever is given it shares it with others, and changes nothing in it. It is read as by
 * `readInOneState`, and once for all who ask meanwhile.
 */
export function createKeptRead<Value>(
  read: (seat: Seat, turns: Pausing) => Promise<Value>,
  prepare?: (seat: Seat) => Promise<unknown>,
): (seat: Seat) => Promise<Value> {
  const keptBySeat = new WeakMap<Seat, Reading<Value>>();
  return async (seat) => {
    await prepare?.(seat);
    const state = await readDatabaseState(seat);
    const kept = keptBySeat.get(seat);
    if (kept?.state === state) return kept.value;
    const reading = readAttentively([seat], (turns) => read(seat, turns), prepare);
    const value = reading.then((found) => found.value);
    keptBySeat.set(seat, { state, value });
    const keep = (found: ReadValue<Value> | undefined) => {
      if (keptBySeat.get(seat)?.value !== value) return;
      if (found?.state === undefined) keptBySeat.delete(seat);
      else keptBySeat.set(seat, { state: found.state, value });
    };
    reading.then(keep, () => keep(undefined));
    return value;
  };
}

const readDatabaseStates = async (seats: readonly Seat[]): Promise<string> => {
  const states: string[] = [];
  for (const seat of seats) states.push(await readDatabaseState(seat));
  return states.join(' ');
};

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
