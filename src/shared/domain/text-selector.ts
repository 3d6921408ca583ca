import type { z } from 'zod';
import type { textPositionSelectorSchema, textQuoteSelectorSchema } from './annotation.ts';

type TextPosition = z.infer<typeof textPositionSelectorSchema>;
type TextQuote = z.infer<typeof textQuoteSelectorSchema>;

/** How much stands around a quote, so that the same words elsewhere are told apart. */
const contextLength = 32;
/** As long as a quote may be, in code units: that is how its schema measures it. */
export const maximumQuote = 10_000;
/** Where the same words stand more often than that, one place is as good as another. */
const mostPlaces = 2000;

/** Cuts between code points only. */
const cut = (points: readonly string[], start: number, end: number): string =>
  points.slice(Math.max(0, start), end).join('');

/** The selectors for `text.slice(start, end)`; `start` and `end` in code units, as a selection gives them. */
export function createTextSelectors(
  text: string,
  start: number,
  end: number,
): [TextQuote, TextPosition] | undefined {
  const before = Array.from(text.slice(0, start));
  const exact = Array.from(text.slice(start, end));
  if (exact.join('').trim() === '' || end - start > maximumQuote) return undefined;
  const after = Array.from(text.slice(end, end + contextLength * 2));
  return [
    {
      type: 'TextQuoteSelector',
      exact: exact.join(''),
      prefix: cut(before, before.length - contextLength, before.length),
      suffix: cut(after, 0, contextLength),
    },
    {
      type: 'TextPositionSelector',
      start: before.length,
      end: before.length + exact.length,
    },
  ];
}

/** In how many of its characters, from the near end, the surroundings agree. */
function countAgreement(found: string, wanted: string, fromEnd: boolean): number {
  const [left, right] = fromEnd
    ? [Array.from(found).toReversed(), Array.from(wanted).toReversed()]
    : [Array.from(found), Array.from(wanted)];
  let count = 0;
  while (count < right.length && left[count] === right[count]) count += 1;
  return count;
}

/**
 * Where the passage is in `text`, in code units: at the position if the words still stand there, else where the
 * same words have the most alike surroundings, of the first two thousand such places. Undefined where they do not occur.
 */
export function findPassage(
  text: string,
  quote: Pick<TextQuote, 'exact' | 'prefix' | 'suffix'>,
  position?: Pick<TextPosition, 'start' | 'end'>,
): { readonly start: number; readonly end: number } | undefined {
  if (position !== undefined) {
    const start = computeCodeUnits(text, position.start);
    if (start !== undefined && text.startsWith(quote.exact, start))
      return { start, end: start + quote.exact.length };
  }
  let best: { start: number; agreement: number } | undefined;
  let places = 0;
  for (
    let start = text.indexOf(quote.exact);
    start !== -1 && places < mostPlaces;
    start = text.indexOf(quote.exact, start + 1)
  ) {
    places += 1;
    const end = start + quote.exact.length;
    const agreement =
      countAgreement(text.slice(Math.max(0, start - 100), start), quote.prefix, true) +
      countAgreement(text.slice(end, end + 100), quote.suffix, false);
    if (best === undefined || agreement > best.agreement) best = { start, agreement };
  }
  return best === undefined
    ? undefined
    : { start: best.start, end: best.start + quote.exact.length };
}

function computeCodeUnits(text: string, codePoints: number): number | undefined {
  let units = 0;
  for (let left = codePoints; left > 0; left -= 1) {
    const point = text.codePointAt(units);
    if (point === undefined) return undefined;
    units += point > 0xff_ff ? 2 : 1;
  }
  return units;
}
