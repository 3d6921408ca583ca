import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { type ClientConfig, DatabaseError, Pool, type PoolClient } from 'pg';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import {
  computeConnectError,
  computeDatabaseError,
  isPlanOutdated,
  isReadOnly,
} from './postgres-errors.ts';
import { PostgresLines } from './postgres-lines.ts';

const idleTimeoutMs = 30_000;
/** How many statements each connection keeps prepared, and how long their text may be: longer ones hardly come twice. */
const maximumStatements = 300;
const maximumStatementLength = 10_000;
/**
 * A statement that lists more values than this is planned anew each time, with the values in view. The plan kept for a
 * prepared one does without, and compares every row with one value of the list after the other.
 */
const maximumStatementValues = 50;

/** So much earlier than the client does, the database itself ends a statement: then it works for nobody no longer. */
const headStart = 0.1;

/**
 * Connections that are made when they are needed and thrown away when they break, so that a database
 * that comes back is simply used again. Failures come as `computeDatabaseError` tells them.
 *
 * @param longestStatementMs after which a statement has failed: of a host that vanished, the system itself tells only after
 * a quarter of an hour. The connection is thrown away. Undefined for no bound.
 */
export function createPostgresPool(
  options: ClientConfig,
  maximum: number,
  longestStatementMs?: number,
): PostgresPool {
  const lines = new PostgresLines();
  const pool = new Pool({
    ...options,
    stream: lines.stream,
    ...(longestStatementMs === undefined ? {} : { query_timeout: longestStatementMs }),
    max: maximum,
    idleTimeoutMillis: idleTimeoutMs,
    // A statement goes out without waiting for the one before it: see `guardClient`.
    pipeline: true,
  });
  // A connection that breaks tells so by an event, too; the statement that meets it says what happened.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    if (longestStatementMs === undefined) return;
    const ownMs = Math.round(longestStatementMs * (1 - headStart));
    // Not among the options: a pooler in between refuses a parameter of the start that it does not know.
    client.query(`set statement_timeout = ${ownMs}`).catch(() => undefined);
  });
  // Kysely remembers its connections by the client that it was given.
  const guarded = new WeakMap<PoolClient, PostgresPoolClient>();
  const nameStatement = createStatementNames();
  return {
    options: {},
    async connect() {
      let client: PoolClient;
      try {
        client = await pool.connect();
      } catch (error) {
        throw computeConnectError(error);
      }
      const known = guarded.get(client);
      // The pool gives a client another `release` each time.
      if (known !== undefined) return known;
      await assertWritable(client);
      const created = guardClient(client, nameStatement);
      guarded.set(client, created);
      return created;
    },
    end: () => lines.end(() => pool.end()),
  };
}

/**
 * A server that only reads, since another has taken its place, would go on answering what was true by then. What it is
 * asked to write, it refuses by itself.
 */
async function assertWritable(client: PoolClient): Promise<void> {
  try {
    const { rows } = await client.query<{ transaction_read_only: string }>(
      'show transaction_read_only',
    );
    if (rows[0]?.transaction_read_only !== 'on') return;
  } catch (error) {
    client.release(true);
    throw computeConnectError(error);
  }
  client.release(true);
  throw new DatabaseUnavailableError('read_only');
}

/** A statement with a name is parsed and planned once for each connection: a push runs the same few hundreds of times. */
function createStatementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    if (
      text.length > maximumStatementLength ||
      !/^(?:select|insert|update|delete|with) /.test(text)
    )
      return undefined;
    const known = names.get(text);
    if (known !== undefined || names.size >= maximumStatements) return known;
    const name = `stint_${names.size}`;
    names.set(text, name);
    return name;
  };
}

/**
 * Where a transaction begins with a query, its beginning goes out together with that: one exchange with the database
 * less. Anything else waits until it has begun, so that nothing is ever written outside of it. Nobody waits for the end of
 * one that only read.
 */
function guardClient(
  client: PoolClient,
  nameStatement: (text: string) => string | undefined,
): PostgresPoolClient {
  let beginning: Promise<unknown> | undefined;
  let onlyReads = false;
  let isUseless = false;

  async function run(text: string, parameters: readonly unknown[]): Promise<unknown> {
    const name = parameters.length > maximumStatementValues ? undefined : nameStatement(text);
    const values = [...parameters];
    return await client.query(name === undefined ? { text, values } : { name, text, values });
  }

  async function query(text: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
      if (/^(?:begin|start transaction)\b/.test(text)) {
        onlyReads = text.endsWith(' read only');
        beginning = run(text, parameters);
        // It is told to whoever comes next.
        beginning.catch(() => undefined);
        return { command: 'BEGIN', rowCount: null, rows: [] };
      }
      const begun = beginning;
      beginning = undefined;
      if (begun === undefined) {
        const answer = run(text, parameters);
        if (text !== 'commit' || !onlyReads) return await answer;
        answer.catch(() => undefined);
        return { command: 'COMMIT', rowCount: null, rows: [] };
      }
      if (!text.startsWith('select ')) {
        await begun;
        return await run(text, parameters);
      }
      const [, answer] = await Promise.all([begun, run(text, parameters)]);
      return answer;
    } catch (error) {
      // What the database itself did not answer came from a line that is broken, or of which nothing came in time.
      isUseless ||= !(error instanceof DatabaseError) || isPlanOutdated(error) || isReadOnly(error);
      throw computeDatabaseError(error);
    }
  }
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(isUseless || destroy),
  };
}
