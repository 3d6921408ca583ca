import { expect, it, vi } from 'vitest';
import {
  computeSegments,
  findPassages,
} from '../../../src/renderer/features/annotations/mark-segments.ts';
import { selectorSchema } from '../../../src/shared/domain/annotation.ts';
import { createTextSelectors } from '../../../src/shared/domain/text-selector.ts';

const text = 'Aß 𝒳 one two three, and one two again.';

function mark(id: string, number: number, start: number, end: number) {
  return { id, number, selectors: createTextSelectors(text, start, end) ?? [], text: '' };
}

it('finds the words that were meant, and not the same ones elsewhere', () => {
  const second = text.lastIndexOf('one two');
  const passage = mark('a', 1, second, second + 7);
  expect(findPassages(text, [passage])).toMatchObject([{ start: second, end: second + 7 }]);
  // What stood before was taken out: the position is wrong now, the surroundings are not.
  const later = text.slice(6);
  expect(findPassages(later, [passage])).toMatchObject([{ start: second - 6 }]);
  expect(findPassages('nothing of it', [passage])).toEqual([]);
});

it('counts positions in code points, as the annotation model wants it', () => {
  const start = text.indexOf('one');
  // Two code units of 𝒳 are one code point.
  const points = start - 1;
  expect(createTextSelectors(text, start, start + 3)?.[1]).toEqual({
    type: 'TextPositionSelector',
    start: points,
    end: points + 3,
  });
});

it('quotes no more than may be sent, by the measure of what is sent', () => {
  const long = '𝒳'.repeat(5001);
  expect(createTextSelectors(long, 0, long.length)).toBeUndefined();
  const selectors = createTextSelectors(long, 2, long.length) ?? [];
  expect(selectors).toHaveLength(2);
  for (const selector of selectors) expect(selectorSchema.safeParse(selector).success).toBe(true);
});

it('cuts the text where marks begin and end, and loses none of it', () => {
  const from = text.indexOf('one');
  const segments = computeSegments(text, [
    mark('long', 1, from, from + 13),
    mark('inner', 2, from + 4, from + 7),
    mark('across', 3, from + 8, from + 18),
  ]);
  expect(segments.map((segment) => segment.text).join('')).toBe(text);
  expect(segments.map(({ marks }) => marks.map(({ id }) => id).join('+'))).toEqual([
    '',
    'long',
    'long+inner',
    'long',
    'long+across',
    'across',
    '',
  ]);
  expect(
    segments.flatMap(({ ending, text: words }) => ending.map(({ number }) => [number, words])),
  ).toEqual([
    [2, 'two'],
    [1, 'three'],
    [3, ', and'],
  ]);
});

it('looks at so many places of words that stand everywhere, and no more', () => {
  const everywhere = 'a'.repeat(500_000);
  const selectors = [
    { type: 'TextQuoteSelector' as const, exact: 'a', prefix: 'b', suffix: 'b' },
    { type: 'TextPositionSelector' as const, start: 600_000, end: 600_001 },
  ];
  const taken = vi.spyOn(Array, 'from');
  const passages = findPassages(everywhere, [{ id: 'a', number: 1, selectors, text: '' }]);
  const count = taken.mock.calls.length;
  taken.mockRestore();
  expect(passages).toMatchObject([{ start: 0, end: 1 }]);
  expect(count).toBeLessThan(20_000);
});
