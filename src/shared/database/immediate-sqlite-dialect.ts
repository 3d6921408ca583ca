import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  type SqliteStatement,
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

const maximumStatements = 300;
/** Longer ones list many values, and hardly come twice. */
const maximumStatementLength = 4000;

/**
 * Keeps prepared statements: to prepare one anew costs more than to run it, and a replay of what is pending
 * runs the same dozen thousands of times (SY-11).
 */
class StatementKeeper implements SqliteDatabase {
  readonly #database: SqliteDatabase;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  prepare(text: string): SqliteStatement {
    const known = this.#statements.get(text);
    const statement = known ?? this.#database.prepare(text);
    if (/^(?:select|insert|update|delete|begin|commit|rollback|savepoint|release)\b/i.test(text)) {
      if (text.length > maximumStatementLength) return statement;
      // Taken out and put in again: the oldest in the map is the one not used for the longest time.
      this.#statements.delete(text);
      this.#statements.set(text, statement);
      const [oldest] = this.#statements.keys();
      if (this.#statements.size > maximumStatements && oldest !== undefined)
        this.#statements.delete(oldest);
      // Whatever else there is may change the schema, on which prepared statements rest.
    } else this.#statements.clear();
    return statement;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
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

  constructor(config: { readonly database: SqliteDatabase }) {
    const keeping = { database: new StatementKeeper(config.database) };
    super(keeping);
    this.#config = keeping;
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.#config);
  }
}
