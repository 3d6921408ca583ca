import type { Kysely, Transaction } from 'kysely';
import type { Head } from '../../shared/protocol/push.ts';
import type { ServerTables } from './server-tables.ts';

export type ServerTransaction = Transaction<ServerTables>;

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
  /** SY-6: runs `action` in a savepoint, which is rolled back when it throws. */
  inSavepoint<Result>(trx: ServerTransaction, action: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
