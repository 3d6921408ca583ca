import type { Kysely, Selectable } from 'kysely';
import {
  type DomainDatabase,
  type DomainRow,
  type DomainTable,
  domainRowSchemas,
} from '../../shared/database/domain-tables.ts';
import { type ColumnValues, selectRowsWith } from '../../shared/database/select-rows-with.ts';
import { listReadTables } from '../database/list-read-tables.ts';
import type { Head } from '../../shared/protocol/push.ts';
import type { RowWrite } from '../database/row-writes.ts';
import type { ServerDatabase, ServerTransaction } from '../database/server-database.ts';
import type { ServerTables } from '../database/server-tables.ts';
import { KnownAnswers } from './known-answers.ts';
import type { StoredAnswer } from './stored-answers.ts';

type AnyRow = Readonly<Record<string, unknown>>;
type LogLine = Selectable<ServerTables['mutationLog']>;
type IndexEntry = Selectable<ServerTables['rowIndex']>;

/** A row as the session knows it; `row` is undefined where there is none. */
interface Entry {
  readonly row: AnyRow | undefined;
  /** What the database does not have yet. */
  readonly unwritten: 'nothing' | 'insert' | 'update';
}
type Layer = Map<DomainTable, Map<string, Entry>>;

/** How many ids one query may name. */
const idChunk = 500;

/**
 * What waited could not be written, so the transaction has to run again carefully: then each mutation is written
 * by itself, in a savepoint, and the one that is at fault is known.
 */
export class WriteBufferFailure extends Error {
  override readonly name = 'WriteBufferFailure';
}

/**
 * What the mutations of one push read and write, while the organization is locked: nobody else writes its rows
 * meanwhile, so what was read once stays true, and what is written can wait for the end and go out in a few
 * statements. Each mutation's own writes lie in a layer above, and are dropped when it is refused; only where
 * they had to be written early, since a query over several rows came, a savepoint is needed for that (SY-6). The same query
 * over tables that nothing was written to since is not asked again: many changes ask the same of what they belong to.
 */
export class WriteBuffer {
  readonly orgId: string;
  /** Sees all that was written. For whatever is not a single domain row. */
  readonly reader: ServerTransaction;
  /**
   * Sees the domain rows that were written; the log and the index may lag behind. What waits for tables that a query does
   * not read goes on waiting, to be written together with more.
   */
  readonly rowReader: ServerTransaction;
  /** Whether ids are looked up before they are inserted, and each mutation is written by itself. */
  readonly isCareful: boolean;
  readonly #database: ServerDatabase;
  readonly #trx: ServerTransaction;
  readonly #kept: Layer = new Map();
  #own: Layer = new Map();
  #hasSavepoint = false;
  #log: LogLine[] = [];
  readonly #index = new Map<string, IndexEntry>();
  #answered: StoredAnswer[] = [];
  readonly #answers = new KnownAnswers();

  constructor(
    database: ServerDatabase,
    trx: ServerTransaction,
    orgId: string,
    options: { readonly isCareful: boolean },
  ) {
    this.#database = database;
    this.#trx = trx;
    this.orgId = orgId;
    this.isCareful = options.isCareful;
    const describeFailure = (error: unknown): unknown => this.#describeFailure(error);
    this.reader = database.forward(trx, {
      before: async ({ query }) => {
        if (query.kind !== 'SelectQueryNode') this.#answers.forget();
        await this.flush();
      },
      describeFailure,
    });
    this.rowReader = database.forward(trx, {
      // Carefully, each mutation asks for itself.
      recall: (statement) => (this.isCareful ? undefined : this.#answers.recall(statement)),
      before: ({ query }) => this.#writeRows(listReadTables(query)),
      after: (statement, result) => this.#answers.note(statement, result),
      describeFailure,
    });
  }

  /** Loads rows that will be asked for, in one query for each table. */
  async prefetch(table: DomainTable, ids: Iterable<string>): Promise<void> {
    // Carefully, each mutation asks for itself: an id that the database chokes on is its own fault alone.
    if (this.isCareful) return;
    const unknown = [...new Set(ids)].filter((id) => this.#find(table, id) === undefined);
    for (let start = 0; start < unknown.length; start += idChunk) {
      const chunk = unknown.slice(start, start + idChunk);
      const rows = await this.#guard(() =>
        this.#trx
          .selectFrom(table as 'tasks')
          .selectAll()
          .where('orgId', '=', this.orgId)
          .where('id', 'in', chunk)
          .execute(),
      );
      for (const id of chunk) put(this.#kept, table, id, { row: undefined, unwritten: 'nothing' });
      for (const row of rows) put(this.#kept, table, row.id, { row, unwritten: 'nothing' });
    }
  }

  async find<Table extends DomainTable>(
    table: Table,
    id: string,
  ): Promise<DomainRow<Table> | undefined> {
    let entry = this.#find(table, id);
    if (entry === undefined) {
      const row = await this.#guard(() =>
        this.#trx
          .selectFrom(table as 'tasks')
          .selectAll()
          .where('orgId', '=', this.orgId)
          .where('id', '=', id)
          .executeTakeFirst(),
      );
      entry = { row, unwritten: 'nothing' };
      put(this.#kept, table, id, entry);
    }
    return entry.row as DomainRow<Table> | undefined;
  }

  /** All rows with these values, in the order of their ids; what was answered holds until a row of the table is written. */
  async list<Table extends DomainTable>(
    table: Table,
    values: ColumnValues<Table>,
  ): Promise<DomainRow<Table>[]> {
    const key = JSON.stringify(values);
    const known = this.isCareful ? undefined : this.#answers.recallRows(table, key);
    if (known !== undefined) return known as DomainRow<Table>[];
    const reader = this.rowReader as unknown as Kysely<DomainDatabase>;
    const rows = await selectRowsWith(reader, this.orgId, table, values);
    this.#answers.noteRows(table, key, rows);
    return rows;
  }

  /** Answers whether there was none with this id, as far as is known; the rest shows when it is written. */
  async insert<Table extends DomainTable>(table: Table, row: DomainRow<Table>): Promise<boolean> {
    const known = this.isCareful ? await this.find(table, row.id) : this.#find(table, row.id)?.row;
    if (known !== undefined) return false;
    put(this.#own, table, row.id, { row, unwritten: 'insert' });
    this.#answers.noteChange(table);
    return true;
  }

  /** Answers the row as it is then; undefined where there is none. */
  async patch<Table extends DomainTable>(
    table: Table,
    id: string,
    patch: Partial<DomainRow<Table>>,
  ): Promise<DomainRow<Table> | undefined> {
    const before = await this.find(table, id);
    if (before === undefined) return undefined;
    const row = { ...before, ...patch };
    const own = this.#own.get(table)?.get(id);
    put(this.#own, table, id, {
      row,
      unwritten: own?.unwritten === 'insert' ? 'insert' : 'update',
    });
    this.#answers.noteChange(table);
    return row;
  }

  async beginMutation(): Promise<void> {
    this.#own = new Map();
    if (!this.isCareful) return;
    await this.flush();
    await this.#setSavepoint();
  }

  /** The mutation stands, with its line in the log and the numbers of the rows that it touched. */
  async keepMutation(line: LogLine, touched: readonly IndexEntry[]): Promise<void> {
    this.#log.push(line);
    for (const entry of touched) this.#index.set(`${entry.tableName}/${entry.rowId}`, entry);
    if (this.isCareful) await this.#write([...this.#takeRows(this.#own), ...this.#takeLog()]);
    if (this.#hasSavepoint) await this.#database.releaseSavepoint(this.#trx);
    this.#hasSavepoint = false;
    for (const [table, entries] of this.#own)
      for (const [id, { row, unwritten }] of entries) {
        const isNew = this.#kept.get(table)?.get(id)?.unwritten === 'insert';
        put(this.#kept, table, id, {
          row,
          unwritten: isNew && unwritten === 'update' ? 'insert' : unwritten,
        });
      }
    this.#own = new Map();
  }

  /** Nothing of the mutation remains. */
  async dropMutation(reason: unknown): Promise<void> {
    for (const table of this.#own.keys()) this.#answers.noteChange(table);
    this.#own = new Map();
    if (this.isCareful) {
      this.#log = [];
      this.#index.clear();
    }
    const hadSavepoint = this.#hasSavepoint;
    this.#hasSavepoint = false;
    if (hadSavepoint && !(reason instanceof WriteBufferFailure))
      await this.#database.rollBackToSavepoint(this.#trx, reason);
  }

  /** What was answered to the batch's mutations; written at the end. */
  keepAnswers(answers: readonly StoredAnswer[]): void {
    this.#answered.push(...answers);
  }

  /** Writes all that waits. */
  async flush(): Promise<void> {
    if (hasUnwritten(this.#own)) await this.#writeRows();
    await this.#write([...this.#takeRows(this.#kept), ...this.#takeLog()]);
  }

  /** Writes all that waits, with the answers and, where there is a new one, the organization's head. */
  async finish(head: Head | undefined): Promise<void> {
    const answered = this.#answered;
    this.#answered = [];
    await this.#write([
      ...this.#takeRows(this.#kept),
      ...this.#takeLog(),
      ...(answered[0] === undefined
        ? []
        : [
            {
              table: 'mutationResults',
              columns: Object.keys(answered[0]),
              key: ['orgId', 'mutationId'],
              rows: answered as unknown as readonly AnyRow[],
              onConflict: 'fail',
            } as const,
          ]),
      ...(head === undefined
        ? []
        : [
            {
              table: 'organizationHeads',
              columns: ['orgId', 'seq', 'hash'],
              key: ['orgId'],
              rows: [{ orgId: this.orgId, seq: head.seq, hash: head.hash }],
              onConflict: 'replace',
            } as const,
          ]),
    ]);
  }

  /**
   * The rows of the mutations before, then, where the present one has written, its own in a savepoint.
   *
   * @param tables of which alone; without them, of all.
   */
  async #writeRows(tables?: ReadonlySet<string>): Promise<void> {
    if (!hasUnwritten(this.#own, tables)) {
      await this.#write(this.#takeRows(this.#kept, tables));
      return;
    }
    // What stands, and what the log lags behind, must not be lost with the savepoint: all of it comes before.
    const isFirst = !this.#hasSavepoint;
    await this.#write([...this.#takeRows(this.#kept), ...(isFirst ? this.#takeLog() : [])]);
    if (isFirst) await this.#setSavepoint();
    await this.#write(this.#takeRows(this.#own, tables));
  }

  async #setSavepoint(): Promise<void> {
    await this.#database.setSavepoint(this.#trx);
    this.#hasSavepoint = true;
  }

  async #guard<Result>(run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      throw this.#describeFailure(error);
    }
  }

  /** A statement that fails ends the whole transaction on PostgreSQL, where no savepoint was set before. */
  #describeFailure(error: unknown): unknown {
    return this.isCareful || error instanceof WriteBufferFailure
      ? error
      : new WriteBufferFailure('a statement of the batch failed', { cause: error });
  }

  async #write(writes: readonly RowWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const counts = await this.#guard(() => this.#database.writeRows(this.#trx, writes));
    for (const [index, { table, rows, onConflict }] of writes.entries())
      if (onConflict === 'skip' && counts[index] !== rows.length)
        throw new WriteBufferFailure(`a row of ${table} was there already`);
  }

  /** The rows that wait, which are taken as written. */
  #takeRows(layer: Layer, tables?: ReadonlySet<string>): RowWrite[] {
    const writes: RowWrite[] = [];
    for (const [table, entries] of layer) {
      if (tables !== undefined && !tables.has(table)) continue;
      const inserts: AnyRow[] = [];
      const updates: AnyRow[] = [];
      for (const [id, { row, unwritten }] of entries) {
        if (unwritten === 'nothing' || row === undefined) continue;
        (unwritten === 'insert' ? inserts : updates).push(row);
        entries.set(id, { row, unwritten: 'nothing' });
      }
      const columns = Object.keys(domainRowSchemas[table].shape);
      const key = ['orgId', 'id'];
      if (inserts.length > 0)
        writes.push({ table, columns, key, rows: inserts, onConflict: 'skip' });
      if (updates.length > 0)
        writes.push({ table, columns, key, rows: updates, onConflict: 'replace' });
    }
    return writes;
  }

  /** The lines of the log that wait, with their rows' numbers; taken as written. */
  #takeLog(): RowWrite[] {
    const [line] = this.#log;
    if (line === undefined) return [];
    const log = this.#log;
    const index = [...this.#index.values()];
    this.#log = [];
    this.#index.clear();
    const columns = ['orgId', 'tableName', 'rowId', 'scope', 'seq'];
    const key = ['orgId', 'tableName', 'rowId'];
    const writes: RowWrite[] = [
      {
        table: 'mutationLog',
        columns: Object.keys(line),
        key: ['orgId', 'seq'],
        rows: log as unknown as AnyRow[],
        onConflict: 'fail',
      },
    ];
    if (index.length > 0)
      writes.push({ table: 'rowIndex', columns, key, rows: index, onConflict: 'replace' });
    return writes;
  }

  #find(table: DomainTable, id: string): Entry | undefined {
    return this.#own.get(table)?.get(id) ?? this.#kept.get(table)?.get(id);
  }
}

function put(layer: Layer, table: DomainTable, id: string, entry: Entry): void {
  const entries = layer.get(table) ?? new Map<string, Entry>();
  layer.set(table, entries);
  entries.set(id, entry);
}

function hasUnwritten(layer: Layer, tables?: ReadonlySet<string>): boolean {
  for (const [table, entries] of layer)
    if (tables === undefined || tables.has(table))
      for (const { unwritten } of entries.values()) if (unwritten !== 'nothing') return true;
  return false;
}
