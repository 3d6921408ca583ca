import { foundMark } from '../../../shared/contract/search-requests.ts';

/**
 * What FTS5's `highlight` and `snippet` do, for texts that were found already: those look the words up anew for each row, which
 * takes many times longer than the search itself. Words are what the index's tokenizer takes for words (`unicode61`).
 */

/** How many words an excerpt has. */
const excerptWords = 14;
/** How many of them stand before the first that was found. */
const leadWords = 3;
/** Of one word, and of what stands between two, in code units: a text may hold a hundred thousand dashes in a row. */
const longestPart = 200;
const longPart = new RegExp(
  String.raw`[\p{L}\p{N}\p{M}]{${longestPart + 1},}|[^\p{L}\p{N}\p{M}]{${longestPart + 1},}`,
  'gu',
);

interface Word {
  readonly from: number;
  readonly to: number;
  /** Which of the words looked for it is or begins with; -1 for none. */
  readonly found: number;
}

/** Most texts are plain, and the long way takes longer than all the rest. */
const isPlain = (text: string): boolean => /^[\t\n\r -~]*$/u.test(text);

/** Case and accents away, as the index has it. */
export function foldWord(word: string): string {
  return isPlain(word)
    ? word.toLowerCase()
    : word
        .normalize('NFD')
        .replaceAll(/\p{M}+/gu, '')
        .toLowerCase();
}

function splitWords(text: string, folded: readonly string[]): Word[] {
  const isTextPlain = isPlain(text);
  const words = isTextPlain ? /[0-9A-Za-z]+/gu : /[\p{L}\p{N}\p{M}]+/gu;
  const lower = isTextPlain ? text.toLowerCase() : undefined;
  return Array.from(text.matchAll(words), ({ 0: word, index }) => {
    const plain = lower === undefined ? foldWord(word) : undefined;
    return {
      from: index,
      to: index + word.length,
      found: folded.findIndex((asked) =>
        plain === undefined
          ? asked.length <= word.length && lower?.startsWith(asked, index)
          : plain.startsWith(asked),
      ),
    };
  });
}

/** The whole text, with each word that was found between `foundMark`s. */
export function markFound(text: string, folded: readonly string[]): string {
  let marked = '';
  let at = 0;
  for (const { from, to, found } of splitWords(text, folded)) {
    if (found === -1) continue;
    marked += `${text.slice(at, from)}${foundMark.begin}${text.slice(from, to)}${foundMark.end}`;
    at = to;
  }
  return marked + text.slice(at);
}

/** The few words around most of what was found; the beginning where nothing was. */
export function excerptFound(text: string, folded: readonly string[]): string {
  const words = splitWords(text, folded);
  let best = { start: 0, score: 0 };
  for (const [index, { found }] of words.entries()) {
    if (found === -1) continue;
    const start = Math.max(0, Math.min(index - leadWords, words.length - excerptWords));
    const score = computeScore(words, start);
    if (score > best.score) best = { start, score };
  }
  const end = best.start + excerptWords;
  const from = best.start === 0 ? 0 : (words[best.start]?.from ?? 0);
  const to = end >= words.length ? text.length : (words[end - 1]?.to ?? text.length);
  const shown = text
    .slice(from, to)
    .replaceAll(longPart, (part) => `${part.slice(0, longestPart).toWellFormed()}…`);
  return `${from === 0 ? '' : '…'}${markFound(shown, folded)}${to === text.length ? '' : '…'}`;
}

/** Different words of those looked for count more than one of them again and again. */
function computeScore(words: readonly Word[], start: number): number {
  const different: number[] = [];
  let count = 0;
  for (const { found } of words.slice(start, start + excerptWords)) {
    if (found === -1) continue;
    count += 1;
    if (!different.includes(found)) different.push(found);
  }
  return different.length * excerptWords + count;
}
