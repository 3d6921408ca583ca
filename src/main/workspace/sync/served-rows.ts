import type { PulledRow } from '../../../shared/protocol/pull.ts';
import type { OpenedDatabase } from '../database/open-database.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import type { RowReference } from './row-reference.ts';
import type { Turns } from './turns.ts';

/** A row that came, and the mutations whose effect on it came with it. */
export interface ServedRow extends RowReference {
  readonly writerIds: ReadonlySet<string>;
}

export interface ComingRows {
  /** What forecasts stand on, or wrote too: they have to be made anew. */
  readonly changed: readonly RowReference[];
  readonly served: readonly ServedRow[];
}

/** So many rows are asked about at a time: one question for each costs more than what is found. */
export const rowsPerQuestion = 100;

interface Writer {
  /** Of the row among those asked about. */
  readonly index: number;
  readonly undoId: number;
  readonly mutationId: string;
  readonly state: string;
  /** 1 where the server had applied it by the time of the row's last change. */
  readonly isReached: number | null;
}

/**
 * Tells the rows of a page that come with all that was forecast of them: everyone who wrote such a row here has been
 * applied by the server, under a number that the row has reached. It is the server's own from then on. The forecast of
 * it ends, although other rows of the same mutation may still be on their way, and a forecast that is made anew leaves
 * it as it came and takes it for what it was before (`loadServedRows`): what a server has done is not done once more to
 * its outcome.
 *
 * Without this, each page with some of the many versions of a draft would have all notes of that draft made anew,
 * since these end only with the draft's own row, which comes last.
 *
 * Must run inside a transaction on the seat's connection, before the page's rows are written.
 */
export async function takeServedRows(
  seat: Seat,
  rows: readonly PulledRow[],
  turns: Turns,
): Promise<ComingRows> {
  const { connection } = seat.opened;
  // Nothing was forecast: a first synchronisation has many thousands of rows to ask about, and nobody who wrote them.
  if (!hasWritten(connection))
    return {
      changed: rows.map(({ table, row }) => ({ tableName: table, rowId: String(row['id']) })),
      served: [],
    };
  const findWriters = connection.prepare<unknown[], Writer>(
    `select "coming"."key" as "index", "undo"."undoId", "undo"."mutationId", "outboxStates"."state",
       "outboxStates"."state" in ('applied', 'settled') and "outboxStates"."seq" <= "coming"."value" ->> 2 as "isReached"
     from json_each(?) as "coming"
     cross join "undo" on "undo"."tableName" = "coming"."value" ->> 0 and "undo"."rowId" = "coming"."value" ->> 1
     cross join "outboxStates" on "outboxStates"."mutationId" = "undo"."mutationId"`,
  );
  const note = connection.prepare(
    `insert or ignore into "servedRows" ("mutationId", "tableName", "rowId", "beforeJson")
     select "mutationId", "tableName", "rowId", "beforeJson" from "undo"
     where "undoId" in (select "value" from json_each(?)) order by "undoId"`,
  );
  const forget = connection.prepare(
    `delete from "undo" where "undoId" in (select "value" from json_each(?))`,
  );
  const changed: RowReference[] = [];
  const served: ServedRow[] = [];
  for (let start = 0; start < rows.length; start += rowsPerQuestion) {
    const slice = rows.slice(start, start + rowsPerQuestion);
    const found = findWriters.all(
      JSON.stringify(slice.map(({ table, seq, row }) => [table, String(row['id']), seq])),
    );
    const reached = found.filter(({ isReached }) => isReached === 1);
    const applied = reached.filter(({ state }) => state === 'applied');
    if (applied.length > 0) note.run(JSON.stringify(applied.map(({ undoId }) => undoId)));
    if (reached.length > 0) forget.run(JSON.stringify(reached.map(({ undoId }) => undoId)));
    const writersByIndex = Map.groupBy(found, ({ index }) => index);
    for (const [index, { table: tableName, row }] of slice.entries()) {
      const rowId = String(row['id']);
      const writers = writersByIndex.get(index) ?? [];
      if (writers.length > 0 && writers.every(({ isReached }) => isReached === 1))
        served.push({
          tableName,
          rowId,
          writerIds: new Set(writers.map(({ mutationId }) => mutationId)),
        });
      // Somebody else's forecast stands on it too, and is made anew on what came.
      else changed.push({ tableName, rowId });
    }
    await turns.pass();
  }
  return { changed, served };
}

/** Whether any forecast stands that wrote rows. */
export function hasWritten(connection: OpenedDatabase<SeatDatabase>['connection']): boolean {
  return connection.prepare(`select 1 from "undo" limit 1`).get() !== undefined;
}

/** A served row as it was before the mutation, as JSON; null for none. */
export interface RowBefore extends RowReference {
  readonly beforeJson: string | null;
}

/** The rows that a mutation wrote and that came from the server since. */
export function loadServedRows(
  connection: OpenedDatabase<SeatDatabase>['connection'],
  mutationId: string,
): RowBefore[] {
  return connection
    .prepare<unknown[], RowBefore>(
      `select "tableName", "rowId", "beforeJson" from "servedRows" where "mutationId" = ?`,
    )
    .all(mutationId);
}
