import type { OpenedDatabase } from '../database/open-database.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import { type Touch, wholeTable } from '../seats/seat-mutation-store.ts';
import { computeRowKey, type RowReference } from './row-reference.ts';
import { rowsPerQuestion, type ServedRow } from './served-rows.ts';
import type { Turns } from './turns.ts';

/** Forecasts that have to be taken back together, and every row that one of them wrote. */
export interface AffectedForecasts {
  readonly mutationIds: ReadonlySet<string>;
  readonly writtenRows: ReadonlyMap<string, RowReference>;
}

/** What a forecast touched, and of that what it wrote, by `computeRowKey`. */
export interface MadeAnew {
  readonly touches: readonly Touch[];
  readonly writtenKeys: ReadonlySet<string>;
}

/** What ends forecasts, or changes what they stand on. */
export interface ForecastsEnd {
  readonly changed: readonly RowReference[];
  readonly served: readonly ServedRow[];
  readonly ended: readonly string[];
}

interface Statement<Row> {
  all(...parameters: unknown[]): Row[];
}

/** Those that take many name them in one JSON text: a question for each costs more than what is found. */
interface Statements {
  readonly forecasts: Statement<{ mutationId: string; deviceSeq: number }>;
  readonly written: Statement<RowReference>;
  readonly touched: Statement<RowReference>;
  readonly writers: Statement<string>;
  readonly readers: Statement<string>;
  readonly readersOfMany: Statement<string>;
  readonly laterWriters: Statement<string>;
  readonly laterTableWriters: Statement<string>;
  readonly tableWriters: Statement<string>;
}

const isForecast = `"outboxStates"."state" in ('pending', 'applied')`;

type Connection = OpenedDatabase<SeatDatabase>['connection'];
const statementsByConnection = new WeakMap<Connection, Statements>();

function getStatements(connection: Connection): Statements {
  const known = statementsByConnection.get(connection);
  if (known !== undefined) return known;
  const prepare = <Row>(text: string, plucks: boolean): Statement<Row> => {
    const statement = connection.prepare<unknown[], Row>(text);
    return plucks ? (statement.pluck() as unknown as Statement<Row>) : statement;
  };
  const statements: Statements = {
    forecasts: prepare(
      `select "mutationId", "deviceSeq" from "outboxStates"
       where "mutationId" in (select "value" from json_each(?)) and ${isForecast}`,
      false,
    ),
    written: prepare(
      `select distinct "tableName", "rowId" from "undo"
       where "mutationId" in (select "value" from json_each(?))`,
      false,
    ),
    touched: prepare(
      `select "tableName", "rowId" from "outboxTouches" where "mutationId" = ?`,
      false,
    ),
    writers: prepare(
      `select distinct "mutationId" from "undo" where "tableName" = ? and "rowId" = ?`,
      true,
    ),
    readers: prepare(
      `select "outboxTouches"."mutationId" from "outboxTouches"
       join "outboxStates" on "outboxStates"."mutationId" = "outboxTouches"."mutationId"
       where "tableName" = ? and "rowId" = ? and ${isForecast}`,
      true,
    ),
    readersOfMany: prepare(
      `select distinct "outboxTouches"."mutationId" from json_each(?) as "row"
       cross join "outboxTouches" on "tableName" = ? and "rowId" = "row"."value"
       cross join "outboxStates" on "outboxStates"."mutationId" = "outboxTouches"."mutationId"
       where ${isForecast}`,
      true,
    ),
    laterWriters: prepare(
      `select distinct "undo"."mutationId" from "undo"
       join "outboxStates" on "outboxStates"."mutationId" = "undo"."mutationId"
       where "tableName" = ? and "rowId" = ? and "deviceSeq" > ?`,
      true,
    ),
    laterTableWriters: prepare(
      `select distinct "undo"."mutationId" from "undo"
       join "outboxStates" on "outboxStates"."mutationId" = "undo"."mutationId"
       where "tableName" = ? and "deviceSeq" > ?`,
      true,
    ),
    tableWriters: prepare(`select distinct "mutationId" from "undo" where "tableName" = ?`, true),
  };
  statementsByConnection.set(connection, statements);
  return statements;
}

/**
 * SY-11: which forecasts have to be taken back and made anew, so that the outcome is the same as if all of them
 * were. `changed` are the rows that the server's state changes; `served` those of them that come with all that
 * was forecast of them; `ended` the mutations whose forecast ends.
 *
 * - Who wrote a row that changes, or read it, or looked for it in vain, or asked for several rows of its table.
 * - All who wrote a row that one of those wrote, since a row is taken back to what it was before the first.
 *   These rows change as well, so the same holds for who read them.
 * - Who read a row that was served, but for those whose effect came with it.
 * - Who later wrote a row that one of those read: it must not be there yet when that one is made anew.
 *
 * The readings are those of the last time that each was forecast. What a mutation reads depends on what it has
 * read before, so that none of it changes unless something on the list does.
 */
export async function findAffectedForecasts(
  connection: Connection,
  { changed, served, ended }: ForecastsEnd,
  turns: Turns,
): Promise<AffectedForecasts> {
  const statements = getStatements(connection);
  const mutationIds = new Set(ended);
  const waiting = [...mutationIds];
  const writtenRows = new Map<string, RowReference>();
  const changedRows = new Set<string>();
  const changedTables = new Set<string>();
  const rewoundTables = new Map<string, number>();
  const add = (ids: readonly string[]) => {
    for (const id of ids) {
      if (mutationIds.has(id)) continue;
      mutationIds.add(id);
      waiting.push(id);
    }
  };
  const addRow = (row: RowReference) => {
    const key = computeRowKey(row);
    if (changedRows.has(key)) return;
    changedRows.add(key);
    add(statements.writers.all(row.tableName, row.rowId));
    add(statements.readers.all(row.tableName, row.rowId));
    if (changedTables.has(row.tableName)) return;
    changedTables.add(row.tableName);
    add(statements.readers.all(row.tableName, wholeTable));
  };
  const rewind = (row: RowReference, deviceSeq: number) => {
    if (row.rowId !== wholeTable) {
      // All who wrote it are on the list: a draft of a thousand notes would be gone through a thousand times.
      if (changedRows.has(computeRowKey(row))) return;
      add(statements.laterWriters.all(row.tableName, row.rowId, deviceSeq));
      return;
    }
    if ((rewoundTables.get(row.tableName) ?? Number.POSITIVE_INFINITY) <= deviceSeq) return;
    rewoundTables.set(row.tableName, deviceSeq);
    add(statements.laterTableWriters.all(row.tableName, deviceSeq));
  };
  for (const row of changed) {
    addRow(row);
    await turns.pass();
  }
  for (const [tableName, rows] of Map.groupBy(served, (row) => row.tableName)) {
    // What a server did with a change, it did with what that read as well.
    const writerIds = new Set(rows.flatMap((row) => [...row.writerIds]));
    const isOther = (id: string) => !writerIds.has(id);
    add(statements.readers.all(tableName, wholeTable).filter(isOther));
    for (let start = 0; start < rows.length; start += rowsPerQuestion) {
      const ids = rows.slice(start, start + rowsPerQuestion).map(({ rowId }) => rowId);
      add(statements.readersOfMany.all(JSON.stringify(ids), tableName).filter(isOther));
      await turns.pass();
    }
  }
  while (waiting.length > 0) {
    const idsJson = JSON.stringify(waiting.splice(-rowsPerQuestion));
    for (const row of statements.written.all(idsJson)) {
      writtenRows.set(computeRowKey(row), row);
      addRow(row);
      await turns.pass();
    }
    // One that ends is not made anew, and what it had read means nothing any more.
    for (const { mutationId, deviceSeq } of statements.forecasts.all(idsJson)) {
      for (const row of statements.touched.all(mutationId)) rewind(row, deviceSeq);
      await turns.pass();
    }
    await turns.pass();
  }
  return { mutationIds, writtenRows };
}

/** The rows that a mutation touched when it was last forecast. */
export function listKnownTouches(connection: Connection, mutationId: string): Set<string> {
  return new Set(getStatements(connection).touched.all(mutationId).map(computeRowKey));
}

/**
 * Whether a forecast that has just been made anew touched something with which another has to do that was not taken
 * back: then the two may stand in the wrong order. What it had touched before is known, but for a row that it writes
 * and that none of those taken back had written: it may have failed the last time, and others have looked for that row
 * in vain.
 */
export function meetsOthers(
  connection: Connection,
  { touches, writtenKeys }: MadeAnew,
  known: ReadonlySet<string>,
  { mutationIds, writtenRows }: AffectedForecasts,
): boolean {
  const statements = getStatements(connection);
  const isOther = (id: string) => !mutationIds.has(id);
  return touches.some(({ table, id }) => {
    const key = computeRowKey({ tableName: table, rowId: id });
    if (known.has(key) && (!writtenKeys.has(key) || writtenRows.has(key))) return false;
    if (id === wholeTable) return statements.tableWriters.all(table).some(isOther);
    return (
      statements.writers.all(table, id).some(isOther) ||
      statements.readers.all(table, id).some(isOther) ||
      statements.readers.all(table, wholeTable).some(isOther)
    );
  });
}
