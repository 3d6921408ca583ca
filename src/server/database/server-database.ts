import type { CompiledQuery, Kysely, QueryResult, Transaction } from 'kysely';
import type { DomainTable } from '../../shared/database/domain-tables.ts';
import type { Head } from '../../shared/protocol/push.ts';
import type { RowWrite } from './row-writes.ts';
import type { ServerTables } from './server-tables.ts';

export type ServerTransaction = Transaction<ServerTables>;

export interface StatementWatch {
  /** What this statement would give, where that is known; it is not carried out then. */
  recall?(statement: CompiledQuery): QueryResult<unknown> | undefined;
  /** Each statement that is carried out waits for this first. */
  before(statement: CompiledQuery): Promise<void>;
  /** What it gave. */
  after?(statement: CompiledQuery, result: QueryResult<unknown>): void;
  /** What is thrown for a statement that failed. */
  describeFailure(error: unknown): unknown;
}

/**
 * The server's storage. Everything outside this folder speaks through Kysely in SQL that SQLite and
 * PostgreSQL both know; what differs between the two stands behind these methods.
 */
export interface ServerDatabase {
  /** For single statements. Several that belong together go through `write` or `read`. */
  readonly db: Kysely<ServerTables>;
  /** One transaction that takes its lock before it reads (SY-5). Rolled back when `action` throws. */
  write<Result>(action: (trx: ServerTransaction) => Promise<Result>): Promise<Result>;
  /** One transaction that sees a single state and changes nothing. */
  read<Result>(action: (trx: ServerTransaction) => Promise<Result>): Promise<Result>;
  /**
   * SY-4: the organization's counter row, locked until the transaction ends; nobody else numbers
   * changes of this organization meanwhile. Undefined for an organization that does not exist.
   */
  lockHead(trx: ServerTransaction, orgId: string): Promise<Head | undefined>;
  /** SY-6: from here on, what a mutation does can be undone alone. One at a time. */
  setSavepoint(trx: ServerTransaction): Promise<void>;
  releaseSavepoint(trx: ServerTransaction): Promise<void>;
  /**
   * Undoes what was done since the savepoint, for this reason, and releases it.
   * @throws what has to be told instead, where the whole transaction is gone.
   */
  rollBackToSavepoint(trx: ServerTransaction, reason: unknown): Promise<void>;
  /** An organization's rows with these ids, in no order; those that are not there are left out. One statement's text for any number. */
  loadRows(
    trx: ServerTransaction,
    table: DomainTable,
    orgId: string,
    ids: readonly string[],
  ): Promise<Record<string, unknown>[]>;
  /**
   * Writes all of this at once, in no order: no two may be about the same row. Answers for each how many rows were
   * inserted; with `replace`, how many were written.
   */
  writeRows(trx: ServerTransaction, writes: readonly RowWrite[]): Promise<number[]>;
  /** The same transaction for others to use, with each of their statements watched. */
  forward(trx: ServerTransaction, watch: StatementWatch): ServerTransaction;
  close(): Promise<void>;
}
