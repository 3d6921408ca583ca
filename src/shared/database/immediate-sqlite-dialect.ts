import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type TransactionSettings,
} from 'kysely';

/**
 * Kysely's SQLite driver begins with a plain `begin`, which takes the write lock only at the first
 * write; a transaction that has read before then fails with SQLITE_BUSY at once when another process
 * wrote in between, whatever the busy timeout (SY-5). Here a transaction takes the write lock first,
 * unless it was declared read-only.
 */
class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    const statement = settings?.accessMode === 'read only' ? 'begin deferred' : 'begin immediate';
    await connection.executeQuery(CompiledQuery.raw(statement));
  }

  /**
   * On a full disk SQLite has ended the transaction already (sqlite.org/lang_transaction.html, section 3.1).
   * A complaint about that would take the place of the error that says why.
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('no transaction is active'))
        throw error;
    }
  }
}

/**
 * SQLite's schema changes are transactional; Kysely's adapter says otherwise, and its migrator would then
 * leave half a migration behind when the process is killed in the middle of one.
 */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.#config);
  }
}
