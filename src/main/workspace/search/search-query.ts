const maximumWords = 12;

/** The words that a person typed to look for. Whatever FTS5 would read as an operator is a word as well. */
export function splitSearchWords(text: string): string[] {
  return text
    .normalize('NFC')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '')
    .slice(0, maximumWords);
}

/** As an FTS5 query: every word has to be there, whole or as a beginning, in any order. Undefined where nothing is left to look for. */
export function computeSearchQuery(text: string): string | undefined {
  const words = splitSearchWords(text);
  return words.length === 0 ? undefined : words.map(asBeginning).join(' ');
}

/** As an FTS5 query: the word, or what begins with it. */
export const asBeginning = (word: string): string => `"${word}"*`;

/** The FTS5 query whose words all have to be in the title. */
export const inTitle = (query: string): string => `{"title"} : (${query})`;
