import { type ClientConfig, types } from 'pg';
import { StintError } from '../../shared/errors.ts';

const int8Oid = 20;
const connectTimeoutMs = 20_000;
/** A process that vanished in the middle of a transaction must not keep everyone from its rows for long. */
const idleTransactionMs = 60_000;
const keepAliveDelayMs = 10_000;

/** Answers a `bigint` column as the number that the tables' types say it is. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError('a number in the database is larger than this program can hold exactly');
  return value;
}

/**
 * How every connection to the database is made.
 * @throws StintError `invalid_input`, without the address, which may hold a password.
 */
export function computePostgresOptions(databaseUrl: string): ClientConfig {
  const protocol = URL.canParse(databaseUrl) ? new URL(databaseUrl).protocol : '';
  if (protocol !== 'postgres:' && protocol !== 'postgresql:')
    throw new StintError(
      'invalid_input',
      'the database address: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE',
    );
  return {
    connectionString: databaseUrl,
    application_name: 'stint-server',
    connectionTimeoutMillis: connectTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === int8Oid && format !== 'binary'
          ? parseInt8
          : types.getTypeParser(oid, format as 'text')) as typeof types.getTypeParser,
    },
  };
}
