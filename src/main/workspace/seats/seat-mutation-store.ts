import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  TableNode,
  Transaction,
  UnknownRow,
} from 'kysely';
import {
  type DomainRow,
  type DomainTable,
  isDomainTable,
} from '../../../shared/database/domain-tables.ts';
import { computeRowNoun, type MutationStore } from '../../../shared/database/mutation-store.ts';
import { type ColumnValues, selectRowsWith } from '../../../shared/database/select-rows-with.ts';
import { StintError } from '../../../shared/errors.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';

/** A row that a mutation read, found missing, or wrote; `id` is `*` where it asked for several of the table. */
export interface Touch {
  readonly table: DomainTable;
  readonly id: string;
  readonly creates: boolean;
}

/**
 * A mutation's reads and writes on the device: each row's state before the first write is kept, so that
 * the forecast can be taken back when the server's state comes (SY-11), and each row touched is noted,
 * so that what builds on a refused mutation is known (SY-7), and what has to be forecast anew.
 */
export class SeatMutationStore implements MutationStore {
  readonly orgId: string;
  /** Notes the tables that are asked for several rows at once; single rows go through `find`. */
  readonly db: MutationStore['db'];
  readonly #tx: Transaction<SeatDatabase>;
  readonly #domain: MutationStore['db'];
  readonly #served: ReadonlySet<string>;
  readonly #touches = new Map<string, Touch>();
  readonly #before = new Map<
    string,
    { readonly table: DomainTable; readonly id: string; readonly beforeJson: string | null }
  >();

  /** @param served rows, `table/id`, that whoever replays the mutation takes back: they leave no trace. */
  constructor(
    tx: Transaction<SeatDatabase>,
    orgId: string,
    served: ReadonlySet<string> = new Set(),
  ) {
    this.#tx = tx;
    this.#served = served;
    this.#domain = tx as unknown as MutationStore['db'];
    this.orgId = orgId;
    this.db = this.#domain.withPlugin(
      new QueriedTables((table) => this.#touch(table, wholeTable, false)),
    );
  }

  async find<Table extends DomainTable>(
    table: Table,
    id: string,
  ): Promise<DomainRow<Table> | undefined> {
    const row = await this.#load(table, id);
    // Also where there is none: once it comes, the mutation may turn out otherwise.
    this.#touch(table, id, false);
    return row;
  }

  async list<Table extends DomainTable>(
    table: Table,
    values: ColumnValues<Table>,
  ): Promise<DomainRow<Table>[]> {
    return await selectRowsWith(this.db, this.orgId, table, values);
  }

  async insert<Table extends DomainTable>(table: Table, row: DomainRow<Table>): Promise<void> {
    if ((await this.#load(table, row.id)) !== undefined)
      throw new StintError('conflict', `the ${computeRowNoun(table)} ${row.id} is here already`);
    this.#remember(table, row.id, null);
    this.#touch(table, row.id, true);
    await this.#domain
      .insertInto(table as 'tasks')
      .values(row as DomainRow<'tasks'>)
      .execute();
  }

  async patch<Table extends DomainTable>(
    table: Table,
    id: string,
    patch: Partial<Omit<DomainRow<Table>, 'orgId' | 'id' | 'scope'>>,
  ): Promise<void> {
    const before = await this.#load(table, id);
    if (before === undefined)
      throw new StintError('not_found', `there is no ${computeRowNoun(table)} ${id} here`);
    this.#remember(table, id, before);
    this.#touch(table, id, false);
    await this.#domain
      .updateTable(table as 'tasks')
      .set(patch as Partial<DomainRow<'tasks'>>)
      .where('orgId', '=', this.orgId)
      .where('id', '=', id)
      .execute();
  }

  /** Writes what was gathered, in the same transaction. The mutation's outbox row must be there already. */
  async saveTrace(mutationId: string): Promise<void> {
    const before = [...this.#before.values()].map(({ table, id, beforeJson }) => ({
      mutationId,
      tableName: table,
      rowId: id,
      beforeJson,
    }));
    for (const rows of inPieces(before)) await this.#tx.insertInto('undo').values(rows).execute();
    await this.#saveTouches(mutationId, (touch) => touch.creates);
  }

  /** Notes only what was read: of a mutation that could not be applied, and whose writes were rolled back. */
  async saveReads(mutationId: string): Promise<void> {
    await this.#saveTouches(mutationId, () => false);
  }

  async #saveTouches(mutationId: string, isCreated: (touch: Touch) => boolean): Promise<void> {
    const touches = [...this.#touches.values()].map((touch) => ({
      mutationId,
      tableName: touch.table,
      rowId: touch.id,
      creates: isCreated(touch) ? (1 as const) : (0 as const),
    }));
    for (const rows of inPieces(touches))
      await this.#tx
        .insertInto('outboxTouches')
        .values(rows)
        .onConflict((conflict) =>
          conflict
            .columns(['mutationId', 'tableName', 'rowId'])
            .doUpdateSet({ creates: 1 })
            .where((row) => row('excluded.creates' as 'creates', '=', 1)),
        )
        .execute();
  }

  listTouches(): Touch[] {
    return [...this.#touches.values()];
  }

  listWrittenRows(): { readonly table: DomainTable; readonly id: string }[] {
    return [...this.#before.values()].map(({ table, id }) => ({ table, id }));
  }

  /** The tables written, for the change feed. */
  listWrittenTables(): DomainTable[] {
    return [...new Set(this.listWrittenRows().map(({ table }) => table))];
  }

  listCreatedIds(table: DomainTable): string[] {
    return [...this.#touches.values()]
      .filter((touch) => touch.creates && touch.table === table)
      .map((touch) => touch.id);
  }

  async #load<Table extends DomainTable>(
    table: Table,
    id: string,
  ): Promise<DomainRow<Table> | undefined> {
    const row = await this.#domain
      .selectFrom(table as 'tasks')
      .selectAll()
      .where('orgId', '=', this.orgId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row as DomainRow<Table> | undefined;
  }

  #remember(table: DomainTable, id: string, before: object | null): void {
    const key = `${table}/${id}`;
    if (this.#served.has(key) || this.#before.has(key)) return;
    const beforeJson = before === null ? null : JSON.stringify(before);
    this.#before.set(key, { table, id, beforeJson });
  }

  #touch(table: DomainTable, id: string, creates: boolean): void {
    const key = `${table}/${id}`;
    const known = this.#touches.get(key);
    if (known === undefined) this.#touches.set(key, { table, id, creates });
  }
}

/** A statement takes some 32,000 values. */
const rowsAtOnce = 500;

function* inPieces<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    yield rows.slice(from, from + rowsAtOnce);
}

/** Stands in the place of a row's id where a mutation asked for several rows of a table. */
export const wholeTable = '*';

/** Tells which domain tables the queries name that run through it. */
class QueriedTables implements KyselyPlugin {
  readonly #note: (table: DomainTable) => void;

  constructor(note: (table: DomainTable) => void) {
    this.#note = note;
  }

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    this.#visit(node);
    return node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result;
  }

  #visit(node: object): void {
    if ('kind' in node && node.kind === 'TableNode') {
      const { name } = (node as TableNode).table.identifier;
      if (isDomainTable(name)) this.#note(name);
      return;
    }
    for (const child of Object.values(node) as unknown[])
      if (typeof child === 'object' && child !== null) this.#visit(child);
  }
}
