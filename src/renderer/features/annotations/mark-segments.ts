import { findPassage } from '../../../shared/domain/text-selector.ts';
import type { PlaceMark } from './place-mark.ts';

export interface Segment {
  readonly start: number;
  readonly text: string;
  /** Those that cover it, in the order in which they begin. */
  readonly marks: readonly PlaceMark[];
  /** Those that end with it: their numbers stand here. */
  readonly ending: readonly PlaceMark[];
}

interface Passage {
  readonly mark: PlaceMark;
  readonly start: number;
  readonly end: number;
}

/** Where marks lie in this text; those whose words are not in it are left out. */
export function findPassages(text: string, marks: readonly PlaceMark[]): Passage[] {
  return marks
    .flatMap((mark): Passage[] => {
      const quote = mark.selectors.find((selector) => selector.type === 'TextQuoteSelector');
      const position = mark.selectors.find((selector) => selector.type === 'TextPositionSelector');
      const found = quote === undefined ? undefined : findPassage(text, quote, position);
      return found === undefined ? [] : [{ mark, ...found }];
    })
    .toSorted((left, right) => left.start - right.start || right.end - left.end);
}

/** The text in pieces, cut wherever a mark begins or ends: marks may lie over one another. */
export function computeSegments(text: string, marks: readonly PlaceMark[]): Segment[] {
  const passages = findPassages(text, marks);
  const cuts = new Set([0, text.length]);
  for (const { start, end } of passages) cuts.add(start).add(end);
  const sorted = [...cuts].toSorted((left, right) => left - right);
  return sorted.slice(0, -1).map((start, index) => {
    const end = sorted[index + 1] ?? text.length;
    const covering = passages.filter((passage) => passage.start <= start && passage.end >= end);
    return {
      start,
      text: text.slice(start, end),
      marks: covering.map(({ mark }) => mark),
      ending: covering.filter((passage) => passage.end === end).map(({ mark }) => mark),
    };
  });
}
