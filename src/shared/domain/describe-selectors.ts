import type { Selector } from './annotation.ts';
import { cutText } from './cut-text.ts';
import { findPdfPlace } from './region-selector.ts';

const longestQuote = 80;

/** The place in a few words: its own, a page, or that it is a part of a picture. */
export function describeSelectors(selectors: readonly Selector[]): string {
  const quote = selectors.find((selector) => selector.type === 'TextQuoteSelector');
  if (quote !== undefined) {
    const words = quote.exact.replaceAll(/\s+/gu, ' ').trim();
    return `“${words.length > longestQuote ? `${cutText(words, longestQuote - 1)}…` : words}”`;
  }
  const place = findPdfPlace(selectors);
  if (place !== undefined)
    return place.rectangle === undefined ? `page ${place.page}` : `a region of page ${place.page}`;
  return selectors.length === 0 ? 'the whole file' : 'a region of the picture';
}
