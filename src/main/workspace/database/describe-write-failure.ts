import { StintError } from '../../../shared/errors.ts';

/**
 * A full disk or a damaged database in plain words, with the code that the interface knows; any other error as it is. The
 * transaction that met it has left nothing behind.
 */
export function describeWriteFailure(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB'))
    return new StintError(
      'database_damaged',
      'a database of this workspace is damaged: nothing was overwritten; open Stint again to repair it from a copy, or to save your unsent work',
      { cause: error },
    );
  // A person's share of a disk may be full as well.
  if (code !== 'SQLITE_FULL' && code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new StintError(
    'disk_full',
    'there is no room on the disk of this computer: what you just did was not saved; make room and try again – nothing else was lost',
    { cause: error },
  );
}
