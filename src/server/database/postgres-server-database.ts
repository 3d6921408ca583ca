import {
  CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { forwardTransaction } from './forwarding-dialect.ts';
import { migrateServerDatabase } from './migrate-server-database.ts';
import { isWorthRepeating } from './postgres-errors.ts';
import { computePostgresOptions } from './postgres-options.ts';
import { createPostgresPool } from './postgres-pool.ts';
import { computeRowStatement, type RowWrite } from './row-writes.ts';
import type { ServerDatabase } from './server-database.ts';
import type { ServerTables } from './server-tables.ts';

/** Apart, so that those who wait for an organization's lock never keep readers from a connection. */
const maximumWriters = 6;
const maximumReaders = 8;
/** A transaction that lost a race is run again; this many times at most. */
const maximumAttempts = 5;
/** A device waits for a minute for its answer, the wait for an organization's lock included. */
const defaultStatementMs = 45_000;

/**
 * Opens the server's database on PostgreSQL. It does not migrate: several processes may start at once.
 * @param longestStatementMs after which a statement has failed; 45 seconds unless said otherwise, and null for no bound.
 * @throws StintError `invalid_input` for an address that is none.
 */
export function openPostgresServerDatabase(
  databaseUrl: string,
  longestStatementMs: number | null = defaultStatementMs,
): ServerDatabase {
  const options = computePostgresOptions(databaseUrl);
  const open = (maximum: number): Kysely<ServerTables> =>
    new Kysely<ServerTables>({
      dialect: new PostgresDialect({
        pool: createPostgresPool(options, maximum, longestStatementMs ?? undefined),
      }),
    });
  const writer = open(maximumWriters);
  const reader = open(maximumReaders);
  return {
    db: reader,
    write: (action) => repeatLost(() => writer.transaction().execute(action)),
    read: (action) =>
      repeatLost(() =>
        reader
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute(action),
      ),
    lockHead: (trx, orgId) =>
      trx
        .selectFrom('organizationHeads')
        .select(['seq', 'hash'])
        .where('orgId', '=', orgId)
        .forUpdate()
        .executeTakeFirst(),
    async setSavepoint(trx) {
      await sql`savepoint mutation`.execute(trx);
    },
    async releaseSavepoint(trx) {
      await sql`release savepoint mutation`.execute(trx);
    },
    async rollBackToSavepoint(trx, reason) {
      try {
        await sql`rollback to savepoint mutation`.execute(trx);
        await sql`release savepoint mutation`.execute(trx);
      } catch (lost) {
        // A refusal must not be answered for a transaction that is gone with its connection.
        throw isWorthRepeating(reason) ? reason : lost;
      }
    },
    async loadRows(trx, table, orgId, ids) {
      const { rows } = await trx.executeQuery<Record<string, unknown>>(
        CompiledQuery.raw(
          `select * from "${table}" where "orgId" = $1 and "id" = any($2::text[])`,
          [orgId, ids],
        ),
      );
      return rows;
    },
    async writeRows(trx, writes) {
      if (writes.length === 0) return [];
      const { rows } = await trx.executeQuery<{ counts: number[] }>(
        CompiledQuery.raw(
          computeWriteText(writes),
          writes.map((write) => computeWellFormedJson(write.rows)),
        ),
      );
      return rows[0]?.counts ?? [];
    },
    forward: (trx, watch) =>
      forwardTransaction(
        trx,
        {
          createAdapter: () => new PostgresAdapter(),
          createQueryCompiler: () => new PostgresQueryCompiler(),
        },
        watch,
      ),
    async close() {
      await Promise.all([writer.destroy(), reader.destroy()]);
    },
  };
}

/**
 * Brings the database to this program's version.
 * @throws StintError `database_newer`; the database is then as it was.
 */
export async function migratePostgresDatabase(
  database: ServerDatabase,
  prepare = migrateServerDatabase,
): Promise<void> {
  await prepare(database.db, 'the PostgreSQL database');
}

async function repeatLost<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isWorthRepeating(error)) throw error;
      // Nothing is wrong with it: whoever asks again later gets through.
      if (attempt >= maximumAttempts) throw new DatabaseUnavailableError('race_lost');
    }
  }
}

/**
 * One statement for all of it, which is one exchange with the database. Its text is the same for any number of rows, so
 * that it is parsed once; the tables themselves say their columns' types.
 */
function computeWriteText(writes: readonly RowWrite[]): string {
  const parts = writes.map((write, index) => {
    const { insert, conflict } = computeRowStatement(write);
    const columns = write.columns.map((column) => `entry."${column}"`).join(', ');
    const source = `json_populate_recordset(null::"${write.table}", $${index + 1}::json)`;
    return `"write${index}" as (${insert} select ${columns} from ${source} as entry ${conflict} returning 1)`;
  });
  const counts = writes.map((_, index) => `(select count(*)::integer from "write${index}")`);
  return `with ${parts.join(', ')} select array[${counts.join(', ')}] as "counts"`;
}

/** Half a surrogate pair, which PostgreSQL refuses in JSON, becomes U+FFFD, as it does in a plain parameter. */
function computeWellFormedJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!/\\ud[89a-f]/.test(text)) return text;
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed() : part,
  );
}
