import { StintError } from '../../../shared/errors.ts';

const ownFailures: ReadonlySet<string> = new Set(['EIO', 'EROFS', 'ENXIO', 'ENODEV']);

/** What a disk of this computer did not take, in words; undefined for what is no fault of the disk. */
export function findDiskFailure(error: unknown): StintError | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  // A person's share of a disk may be full as well.
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StintError(
      'disk_full',
      'there is no room on the disk for this file; make room and try again – nothing else was lost',
    );
  if (code === undefined || !ownFailures.has(code)) return undefined;
  return new StintError(
    'unavailable',
    `the disk of this computer did not keep the file (${code}); nothing else was lost. Try again, and have the disk looked at if it happens again`,
    { cause: error },
  );
}
