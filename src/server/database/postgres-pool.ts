import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { type ClientConfig, Pool, type PoolClient } from 'pg';
import { computeConnectError, computeDatabaseError } from './postgres-errors.ts';

const idleTimeoutMs = 30_000;

/**
 * Connections that are made when they are needed and thrown away when they break, so that a database
 * that comes back is simply used again. Failures come as `computeDatabaseError` tells them.
 */
export function createPostgresPool(options: ClientConfig, maximum: number): PostgresPool {
  const pool = new Pool({ ...options, max: maximum, idleTimeoutMillis: idleTimeoutMs });
  // A connection that breaks tells so by an event, too; the statement that meets it says what happened.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  // Kysely remembers its connections by the client that it was given.
  const guarded = new WeakMap<PoolClient, PostgresPoolClient>();
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
      const created = guardClient(client);
      guarded.set(client, created);
      return created;
    },
    end: () => pool.end(),
  };
}

function guardClient(client: PoolClient): PostgresPoolClient {
  async function query(text: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
      return await client.query(text, [...parameters]);
    } catch (error) {
      throw computeDatabaseError(error);
    }
  }
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
  };
}
