import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  computeLineDiff,
  computeWordDiff,
  type DiffLine,
} from '../../../src/renderer/features/comparison/text-diff.ts';

const join = (line: DiffLine) => line.pieces.map(({ text }) => text).join('');

describe('what changed between two briefs', () => {
  it('tells the words of an edited line apart', () => {
    expect(computeWordDiff('at least 15 products', 'at least 20 products')).toEqual([
      { kind: 'same', text: 'at least ' },
      { kind: 'removed', text: '15' },
      { kind: 'added', text: '20' },
      { kind: 'same', text: ' products' },
    ]);
  });

  it('leaves the lines around a change alone', () => {
    const lines = computeLineDiff('one\ntwo apples\nthree', 'one\ntwo pears\nthree');
    expect(lines.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same']);
    expect(lines[2]?.pieces).toEqual([
      { kind: 'same', text: 'two ' },
      { kind: 'added', text: 'pears' },
    ]);
  });

  it('does not look for common words in lines that have nothing to do with each other', () => {
    const lines = computeLineDiff('buy the milk', 'write an article about the harbour');
    expect(lines.map(({ pieces }) => pieces.length)).toEqual([1, 1]);
  });

  it('keeps both texts whole, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('alpha', 'beta', 'gamma delta', ''), { maxLength: 12 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = computeLineDiff(before, after);
        const without = (kind: string) =>
          lines
            .filter((line) => line.kind !== kind)
            .map(join)
            .join('\n');
        expect(without('added')).toBe(before);
        expect(without('removed')).toBe(after);
      }),
    );
  });

  it('is told of two texts that have nothing but changed lines, more than a call takes arguments', () => {
    const lines = computeLineDiff('a\n'.repeat(130_000), 'b\n'.repeat(130_000));
    expect(lines).toHaveLength(260_001);
  });

  it('compares no more words than one long line may have, however many long lines there are', () => {
    const makeText = (word: string) =>
      Array.from({ length: 300 }, (_, line) => `${word} x ${line} y `.repeat(200)).join('\n');
    const compared = computeLineDiff(makeText('a'), makeText('b')).filter(
      ({ kind, pieces }) => kind === 'removed' && pieces.length > 1,
    );
    // 1,600 words and blanks in each line: the second pair is beyond four million comparisons.
    expect(compared).toHaveLength(1);
  });
});

it.each(['\r\n', '\r'])('a text whose lines end otherwise has not changed (%j)', (end) => {
  const lines = computeLineDiff(
    ['Ask five people.', 'Write it down.'].join(end),
    'Ask five people.\nWrite it down.',
  );
  expect(lines.map(({ kind }) => kind)).toEqual(['same', 'same']);
});
