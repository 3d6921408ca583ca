import { StintError } from '../errors.ts';

/**
 * For a decision that was made before, to the same effect: whoever gives other words for it is told that nobody reads them.
 * @throws StintError `conflict`.
 */
export function assertSameWords(before: string | null, now: string): void {
  if (now === '' || now === before) return;
  throw new StintError(
    'conflict',
    'the same was decided before, in other words; those stand, and the other side does not get to read yours',
  );
}
