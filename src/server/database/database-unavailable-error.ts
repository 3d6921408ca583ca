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
