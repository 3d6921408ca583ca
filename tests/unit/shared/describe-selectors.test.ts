import { expect, test } from 'vitest';
import { describeSelectors } from '../../../src/shared/domain/describe-selectors.ts';

const quote = (exact: string) =>
  describeSelectors([{ type: 'TextQuoteSelector', exact, prefix: '', suffix: '' }]);

test('a passage is named by its words, on one line', () => {
  expect(quote(' one\r\ntwo ')).toBe('“one two”');
});

test.each([
  ['a surrogate pair', '😀'],
  ['a letter with its accents', 'e\u0301\u0323'],
  ['a family', '👩‍👧'],
])('a long passage is cut between characters, and tears no %s apart', (_what, character) => {
  const words = `${'x'.repeat(78)}${character}${'y'.repeat(20)}`;
  expect(quote(words)).toBe(`“${'x'.repeat(78)}…”`);
});
