import { StintError } from '../../shared/errors.ts';

/**
 * The database does not answer. No `StintError`: in the middle of a batch that would be taken for a
 * refusal of one mutation (SY-7). Whoever asked may ask again; the mutations' ids make that harmless.
 */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly code: string;

  constructor(code: string) {
    super(`the database cannot be reached (${code})`);
    this.code = code;
  }
}

/** A database that nobody can reach, in words for who started a program on it; any other error as it is. */
export function describeUnavailable(error: unknown): unknown {
  if (!(error instanceof DatabaseUnavailableError)) return error;
  if (error.code === '25006')
    return new StintError(
      'unavailable',
      'the PostgreSQL database only reads now (25006); check that the address is that of the server that writes',
      { cause: error },
    );
  const isLinkLost = error.code === 'lock_lost' || error.code === 'link_lost';
  return new StintError(
    'unavailable',
    isLinkLost
      ? `the connection to the PostgreSQL database was lost in the middle (${error.code}); what was done by then stands, try again when the database is there`
      : `the PostgreSQL database cannot be reached (${error.code}); check its address, and that it runs`,
    { cause: error },
  );
}
