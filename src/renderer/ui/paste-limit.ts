import { formatCount, formatPlural } from '../format/numbers.ts';

/**
 * What is said of a text that is not taken, because it would be longer than its field may be: cut off, its end would be
 * lost without a word.
 *
 * @param takenLength of what stays in the field beside it.
 * @returns undefined where it fits.
 */
export function describePasteLimit(
  pastedLength: number,
  takenLength: number,
  maxLength: number | undefined,
): string | undefined {
  if (maxLength === undefined || takenLength + pastedLength <= maxLength) return undefined;
  const room = formatCount(Math.max(0, maxLength - takenLength));
  return `What you put in has ${formatPlural(pastedLength, 'character', 'characters')}, and there is room for ${room}: it was not taken. Shorten it, or attach it as a file.`;
}
