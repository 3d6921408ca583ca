import { prepareOnce } from '../database/prepare-once.ts';
import type { Seat } from '../seats/seat.ts';
import { Turns } from '../sync/turns.ts';
import {
  computeNextDocumentId,
  createSearchTriggers,
  firstOther,
  getSearchSource,
  isBulk,
  type SearchSource,
  searchSources,
} from './search-sources.ts';

/** How many rows go in with one transaction; the search waits for no more than that. */
const rowsPerStep = 100;
/** So many are put into the queue at once, where everything waits. */
const queuedAtOnce = 2000;

type Connection = Seat['opened']['connection'];
type AnyRow = Readonly<Record<string, unknown>>;

const runningBySeat = new WeakMap<Seat, Promise<void>>();
const endedSeats = new WeakSet<Seat>();

/** Whether every row that can be found is in the index. */
export function isIndexComplete(seat: Seat): boolean {
  const { connection } = seat.opened;
  const state = prepareOnce(connection, `select "isBuilt" from "searchState"`).get() as {
    isBuilt: number;
  };
  return (
    state.isBuilt === 1 &&
    prepareOnce(connection, `select 1 from "searchQueue" limit 1`).get() === undefined
  );
}

/** Takes into the index what waits for it, in slices; all at the first time. One at a time for each seat; asking twice waits for the same. */
export function updateSearchIndex(seat: Seat): Promise<void> {
  const running = runningBySeat.get(seat);
  if (running !== undefined) return running;
  const update = runUpdate(seat).finally(() => runningBySeat.delete(seat));
  runningBySeat.set(seat, update);
  return update;
}

/** Ends what runs at its next slice, and takes in nothing more: the rest follows when the workspace is opened again. */
export function endSearchIndex(seat: Seat): void {
  endedSeats.add(seat);
}

async function runUpdate(seat: Seat): Promise<void> {
  const turns = new Turns(() => seat.clock.monotonicMs());
  await seat.db.transaction().execute(() => beginIndex(seat.opened.connection, turns));
  while (!endedSeats.has(seat)) {
    const taken = await seat.db
      .transaction()
      .execute(async () => takeIn(seat.opened.connection, seat.record.orgId));
    if (taken === 0) return;
    await turns.pass();
  }
}

/** Everything waits for the index at first. Nothing is lost where the program ends in between: the queue is a table. */
async function beginIndex(connection: Connection, turns: Turns): Promise<void> {
  const begun = connection
    .prepare(`update "searchState" set "isBuilt" = 1 where "isBuilt" = 0`)
    .run();
  if (begun.changes === 0) return;
  for (const statement of createSearchTriggers()) connection.exec(statement);
  for (const { table, only } of searchSources) {
    const queue = connection.prepare<[number, number]>(
      `insert or ignore into "searchQueue" select '${table}', "id" from "${table}"
       where "rowid" > ? and "rowid" <= ?${only === null ? '' : ` and (${only})`}`,
    );
    const last = connection.prepare(`select max("rowid") from "${table}"`).pluck().get();
    for (let after = 0; after < Number(last ?? 0); after += queuedAtOnce) {
      queue.run(after, after + queuedAtOnce);
      await turns.pass();
    }
  }
}

function takeIn(connection: Connection, orgId: string): number {
  const waiting = prepareOnce(
    connection,
    `select "tableName", "rowId" from "searchQueue" limit ${rowsPerStep}`,
  ).all() as QueuedRow[];
  for (const queued of waiting) takeInRow(connection, orgId, queued);
  return waiting.length;
}

interface QueuedRow {
  readonly tableName: string;
  readonly rowId: string;
}

function takeInRow(connection: Connection, orgId: string, { tableName, rowId }: QueuedRow): void {
  const source = getSearchSource(tableName);
  const row = prepareOnce(
    connection,
    `select * from "${tableName}" where "orgId" = ? and "id" = ?${source.only === null ? '' : ` and ${source.only}`}`,
  ).get(orgId, rowId) as AnyRow | undefined;
  write(connection, source, rowId, row);
  prepareOnce(connection, `delete from "searchQueue" where "tableName" = ? and "rowId" = ?`).run(
    tableName,
    rowId,
  );
}

/**
 * Takes in at once what stands in the index and has changed, so that nothing is kept there of what was erased. To be called
 * in the transaction that brings the change; what is new waits as ever.
 */
export function indexChangedAnew({ opened: { connection }, record: { orgId } }: Seat): void {
  const changed = prepareOnce(
    connection,
    `select "tableName", "rowId" from "searchQueue" join "searchDocuments" using ("tableName", "rowId")`,
  ).all() as QueuedRow[];
  if (changed.length === 0) return;
  const setSecureDelete = (value: 0 | 1) =>
    connection.exec(
      `insert into "searchText" ("searchText", "rank") values ('secure-delete', ${value})`,
    );
  // Else the words stay in the index, marked as gone, until it is merged some day.
  setSecureDelete(1);
  for (const queued of changed) takeInRow(connection, orgId, queued);
  setSecureDelete(0);
}

function write(
  connection: Connection,
  source: SearchSource,
  rowId: string,
  row: AnyRow | undefined,
): void {
  const known = prepareOnce(
    connection,
    `select "documentId" from "searchDocuments" where "tableName" = ? and "rowId" = ?`,
  ).get(source.table, rowId) as { documentId: number } | undefined;
  if (row === undefined) {
    if (known === undefined) return;
    prepareOnce(connection, `delete from "searchText" where "rowid" = ?`).run(known.documentId);
    prepareOnce(connection, `delete from "searchDocuments" where "documentId" = ?`).run(
      known.documentId,
    );
    return;
  }
  const title = source.title === null ? '' : computeText(row[source.title]);
  const body = source.texts
    .map((column) => computeText(row[column], column.endsWith('Json')))
    .join('\n');
  if (known !== undefined) {
    const indexed = prepareOnce(
      connection,
      `select "title", "body" from "searchText" where "rowid" = ?`,
    ).get(known.documentId) as { title: string; body: string } | undefined;
    // A row that comes again for the sake of other columns: to take it in anew is dear, above all where nothing may stay behind.
    if (indexed?.title === title && indexed.body === body) return;
    prepareOnce(
      connection,
      `update "searchText" set "title" = ?, "body" = ? where "rowid" = ?`,
    ).run(title, body, known.documentId);
    return;
  }
  const documentId = computeNextDocumentId(source, findLastDocument(connection, source));
  prepareOnce(connection, `insert into "searchDocuments" values (?, ?, ?)`).run(
    documentId,
    source.table,
    rowId,
  );
  prepareOnce(
    connection,
    `insert into "searchText" ("rowid", "title", "body") values (?, ?, ?)`,
  ).run(documentId, title, body);
}

function findLastDocument(connection: Connection, { kind }: SearchSource): number | undefined {
  const last = prepareOnce(
    connection,
    `select "documentId" from "searchDocuments"
     where "documentId" ${isBulk(kind) ? '<' : '>='} ${firstOther} order by "documentId" desc limit 1`,
  ).get() as { documentId: number } | undefined;
  return last?.documentId;
}

function computeText(value: unknown, isJson = false): string {
  if (typeof value !== 'string') return '';
  return isJson ? collectTexts(JSON.parse(value)).join('\n') : value;
}

/** Every member called `text`, at any depth. */
function collectTexts(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'text' && typeof member === 'string' ? [member] : collectTexts(member),
  );
}
