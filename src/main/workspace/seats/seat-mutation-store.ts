import type { Transaction } from 'kysely';
import type { DomainRow, DomainTable } from '../../../shared/database/domain-tables.ts';
import { computeRowNoun, type MutationStore } from '../../../shared/database/mutation-store.ts';
import { StintError } from '../../../shared/errors.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';

/**
 * A mutation's reads and writes on the device: each row's state before the first write is kept, so that
 * the forecast can be taken back when the server's state comes (SY-11), and each row touched is noted,
 * so that what builds on a refused mutation is known (SY-7).
 */
export class SeatMutationStore implements MutationStore {
  readonly orgId: string;
  readonly db: MutationStore['db'];
  readonly #tx: Transaction<SeatDatabase>;
  readonly #touches = new Map<string, { table: DomainTable; id: string; creates: boolean }>();
  readonly #before: { table: DomainTable; id: string; beforeJson: string | null }[] = [];

  constructor(tx: Transaction<SeatDatabase>, orgId: string) {
    this.#tx = tx;
    this.orgId = orgId;
    this.db = tx as unknown as MutationStore['db'];
  }

  async find<Table extends DomainTable>(
    table: Table,
    id: string,
  ): Promise<DomainRow<Table> | undefined> {
    const row = await this.#load(table, id);
    if (row !== undefined) this.#touch(table, id, false);
    return row;
  }

  async insert<Table extends DomainTable>(table: Table, row: DomainRow<Table>): Promise<void> {
    if ((await this.#load(table, row.id)) !== undefined)
      throw new StintError('conflict', `there is a ${computeRowNoun(table)} ${row.id} already`);
    this.#remember(table, row.id, null);
    this.#touch(table, row.id, true);
    await this.db
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
    await this.db
      .updateTable(table as 'tasks')
      .set(patch as Partial<DomainRow<'tasks'>>)
      .where('orgId', '=', this.orgId)
      .where('id', '=', id)
      .execute();
  }

  /** Writes what was gathered, in the same transaction. The mutation's outbox row must be there already. */
  async saveTrace(mutationId: string): Promise<void> {
    if (this.#before.length > 0)
      await this.#tx
        .insertInto('undo')
        .values(
          this.#before.map(({ table, id, beforeJson }) => ({
            mutationId,
            tableName: table,
            rowId: id,
            beforeJson,
          })),
        )
        .execute();
    if (this.#touches.size > 0)
      await this.#tx
        .insertInto('outboxTouches')
        .values(
          [...this.#touches.values()].map(({ table, id, creates }) => ({
            mutationId,
            tableName: table,
            rowId: id,
            creates: creates ? (1 as const) : (0 as const),
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  }

  /** The tables written, for the change feed. */
  listWrittenTables(): DomainTable[] {
    return [...new Set(this.#before.map(({ table }) => table))];
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
    const row = await this.db
      .selectFrom(table as 'tasks')
      .selectAll()
      .where('orgId', '=', this.orgId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row as DomainRow<Table> | undefined;
  }

  #remember(table: DomainTable, id: string, before: object | null): void {
    if (this.#before.some((entry) => entry.table === table && entry.id === id)) return;
    const beforeJson = before === null ? null : JSON.stringify(before);
    this.#before.push({ table, id, beforeJson });
  }

  #touch(table: DomainTable, id: string, creates: boolean): void {
    const key = `${table}/${id}`;
    const known = this.#touches.get(key);
    if (known === undefined) this.#touches.set(key, { table, id, creates });
  }
}
