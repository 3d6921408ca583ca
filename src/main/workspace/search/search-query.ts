/**
 * What a person typed as an FTS5 query: every word has to be there, whole or as a beginning, in any order. Whatever FTS5 would read as
 * an operator is a word as well. Undefined where nothing is left to look for.
 */
export function computeSearchQuery(text: string): string | undefined {
  const words = text
    .normalize('NFC')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return undefined;
  return words
    .slice(0, maximumWords)
    .map((word) => `"${word}"*`)
    .join(' ');
}

const maximumWords = 12;
