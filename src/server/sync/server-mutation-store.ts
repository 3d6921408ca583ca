import type { Kysely } from 'kysely';
import type {
  DomainDatabase,
  DomainRow,
  DomainTable,
} from '../../shared/database/domain-tables.ts';
import { computeRowNoun, type MutationStore } from '../../shared/database/mutation-store.ts';
import { StintError } from '../../shared/errors.ts';
import type { ServerTransaction } from '../database/server-database.ts';

export interface TouchedRow {
  readonly tableName: DomainTable;
  readonly rowId: string;
  readonly scope: string;
}

/** The rows of any one table: Kysely's types cannot follow a table whose name is a variable. */
type AnyTable = Kysely<{ anyTable: Record<string, unknown> }>;

/** One mutation's reads and writes with authority; keeps which rows it touched, for the index (SY-4). */
export class ServerMutationStore implements MutationStore {
  readonly orgId: string;
  readonly db: Kysely<DomainDatabase>;
  readonly #tables: AnyTable;
  readonly #touched = new Map<string, TouchedRow>();
  readonly #insertedFiles: DomainRow<'attachments'>[] = [];
  readonly #insertedSubmissions: DomainRow<'submissions'>[] = [];

  constructor(trx: ServerTransaction, orgId: string) {
    this.orgId = orgId;
    this.db = trx as unknown as Kysely<DomainDatabase>;
    this.#tables = trx as unknown as AnyTable;
  }

  get touchedRows(): readonly TouchedRow[] {
    return [...this.#touched.values()];
  }

  /** The attachments that this mutation made. */
  get insertedFiles(): readonly DomainRow<'attachments'>[] {
    return this.#insertedFiles;
  }

  /** The submissions that this mutation made; none where it repeated an earlier one's work. */
  get insertedSubmissions(): readonly DomainRow<'submissions'>[] {
    return this.#insertedSubmissions;
  }

  async find<Table extends DomainTable>(
    table: Table,
    id: string,
  ): Promise<DomainRow<Table> | undefined> {
    const row = await this.#tables
      .selectFrom(table as 'anyTable')
      .selectAll()
      .where('orgId', '=', this.orgId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row as DomainRow<Table> | undefined;
  }

  async insert<Table extends DomainTable>(table: Table, row: DomainRow<Table>): Promise<void> {
    if (row.orgId !== this.orgId)
      throw new Error(`a row of ${table} names another organization than the store's`);
    const inserted = await this.#tables
      .insertInto(table as 'anyTable')
      .values(row)
      .onConflict((conflict) => conflict.columns(['orgId', 'id']).doNothing())
      .returning('scope')
      .executeTakeFirst();
    if (inserted === undefined)
      throw new StintError(
        'conflict',
        `there is a ${computeRowNoun(table)} ${row.id} in this organization already`,
      );
    this.#touch(table, row.id, row.scope);
    if (table === 'attachments') this.#insertedFiles.push(row as DomainRow<'attachments'>);
    if (table === 'submissions') this.#insertedSubmissions.push(row as DomainRow<'submissions'>);
  }

  async patch<Table extends DomainTable>(
    table: Table,
    id: string,
    patch: Partial<Omit<DomainRow<Table>, 'orgId' | 'id' | 'scope'>>,
  ): Promise<void> {
    const updated = await this.#tables
      .updateTable(table as 'anyTable')
      .set(patch)
      .where('orgId', '=', this.orgId)
      .where('id', '=', id)
      .returning('scope')
      .executeTakeFirst();
    if (updated === undefined)
      throw new StintError(
        'not_found',
        `there is no ${computeRowNoun(table)} ${id} in this organization`,
      );
    this.#touch(table, id, updated['scope'] as string);
  }

  #touch(tableName: DomainTable, rowId: string, scope: string): void {
    this.#touched.set(`${tableName}/${rowId}`, { tableName, rowId, scope });
  }
}
