import type { Kysely } from 'kysely';
import type {
  DomainDatabase,
  DomainRow,
  DomainTable,
} from '../../shared/database/domain-tables.ts';
import { computeRowNoun, type MutationStore } from '../../shared/database/mutation-store.ts';
import type { ColumnValues } from '../../shared/database/select-rows-with.ts';
import { StintError } from '../../shared/errors.ts';
import type { WriteBuffer } from './write-buffer.ts';

export interface TouchedRow {
  readonly tableName: DomainTable;
  readonly rowId: string;
  readonly scope: string;
}

/** One mutation's reads and writes with authority; keeps which rows it touched, for the index (SY-4). */
export class ServerMutationStore implements MutationStore {
  readonly orgId: string;
  readonly db: Kysely<DomainDatabase>;
  readonly #buffer: WriteBuffer;
  readonly #touched = new Map<string, TouchedRow>();
  readonly #insertedFiles: DomainRow<'attachments'>[] = [];
  readonly #broughtBackFiles: DomainRow<'attachments'>[] = [];
  readonly #insertedSubmissions: DomainRow<'submissions'>[] = [];

  constructor(buffer: WriteBuffer) {
    this.orgId = buffer.orgId;
    this.db = buffer.rowReader as unknown as Kysely<DomainDatabase>;
    this.#buffer = buffer;
  }

  get touchedRows(): readonly TouchedRow[] {
    return [...this.#touched.values()];
  }

  /** The attachments that this mutation made. */
  get insertedFiles(): readonly DomainRow<'attachments'>[] {
    return this.#insertedFiles;
  }

  /** The attachments that had been removed, as they are since this mutation brought them back. */
  get broughtBackFiles(): readonly DomainRow<'attachments'>[] {
    return this.#broughtBackFiles;
  }

  /** The submissions that this mutation made; none where it repeated an earlier one's work. */
  get insertedSubmissions(): readonly DomainRow<'submissions'>[] {
    return this.#insertedSubmissions;
  }

  async find<Table extends DomainTable>(
    table: Table,
    id: string,
  ): Promise<DomainRow<Table> | undefined> {
    return await this.#buffer.find(table, id);
  }

  async list<Table extends DomainTable>(
    table: Table,
    values: ColumnValues<Table>,
  ): Promise<DomainRow<Table>[]> {
    return await this.#buffer.list(table, values);
  }

  async insert<Table extends DomainTable>(table: Table, row: DomainRow<Table>): Promise<void> {
    if (row.orgId !== this.orgId)
      throw new Error(`a row of ${table} names another organization than the store's`);
    if (!(await this.#buffer.insert(table, row)))
      throw new StintError(
        'conflict',
        `the ${computeRowNoun(table)} ${row.id} is in this organization already`,
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
    const patched = await this.#buffer.patch(table, id, patch as Partial<DomainRow<Table>>);
    if (patched === undefined)
      throw new StintError(
        'not_found',
        `there is no ${computeRowNoun(table)} ${id} in this organization`,
      );
    this.#touch(table, id, patched.scope);
    if (table === 'attachments' && 'removedAt' in patch && patch.removedAt === null)
      this.#broughtBackFiles.push(patched as DomainRow<'attachments'>);
  }

  #touch(tableName: DomainTable, rowId: string, scope: string): void {
    this.#touched.set(`${tableName}/${rowId}`, { tableName, rowId, scope });
  }
}
