import { DatabaseError } from 'pg';
import { StintError } from '../../shared/errors.ts';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';

/**
 * SQLSTATE classes and codes (PostgreSQL documentation, appendix A) that say that the connection or the
 * whole server is gone, or cannot do anything now: 08 connection exceptions, 57P0x shutdowns and starts, 53 lack of
 * memory, connections and the like (a full disk, 53100, is told as that), 25P03 and 25P04 sessions that were ended for
 * being idle or too long in a transaction, 25006 a server that only reads since another one took its place, 57014 a
 * statement that was cancelled or took too long, 55P03 a lock that was not to be had.
 */
const unavailablePattern = /^(?:08...|57P0[1-5]|53(?!100)...|25P0[34]|25006|57014|55P03)$/;

/** What a failed connection or statement is told as; what the statement itself did wrong stays as it is. */
export function computeDatabaseError(error: unknown): unknown {
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    if (unavailablePattern.test(code) || isPlanOutdated(error))
      return new DatabaseUnavailableError(code);
    // 22021, and 22P05 where it came in JSON: PostgreSQL's text holds no U+0000.
    if (code === '22021' || code === '22P05')
      return new StintError(
        'invalid_input',
        'a text holds the character U+0000, which this server cannot keep; remove it',
      );
    return error;
  }
  // A fault of this program's own; all else that the driver throws is about its connection.
  const isOwnFault = error instanceof TypeError || error instanceof RangeError;
  if (!(error instanceof Error) || isOwnFault) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'no_connection';
  return new DatabaseUnavailableError(code);
}

/**
 * Another process has changed the tables, as a newer version does at its start, and this connection's prepared statements
 * are of those before. They stay so for as long as it lasts; the statement itself is right.
 */
export function isPlanOutdated(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    error.code === '0A000' &&
    error.routine === 'RevalidateCachedQuery'
  );
}

/** Where no connection can be made at all, every reason is the same to who asks: wrong password, no such database. */
export function computeConnectError(error: unknown): DatabaseUnavailableError {
  const found = computeDatabaseError(error);
  if (found instanceof DatabaseUnavailableError) return found;
  const code = found instanceof DatabaseError ? found.code : undefined;
  return new DatabaseUnavailableError(code ?? 'no_connection');
}

/** The server behind this connection only reads: another has taken its place, and is found by connecting anew. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '25006';
}

/** Serialization failures and deadlocks: nothing of the transaction remains, and it may simply run again. */
export function isWorthRepeating(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01');
}
