import { expect, test } from 'vitest';
import { readAsPlain } from '../../../src/renderer/features/search/found-text.tsx';
import { foundMark } from '../../../src/shared/contract/search-requests.ts';

const { begin, end } = foundMark;

test.each([
  [
    'a table',
    `…by shops |\n| \`pack_g\`, \`${begin}price${end}_eur\` | 375, 4.49 | shelf ${begin}price${end}, no offers |…`,
    `…by shops · pack_g, ${begin}price${end}_eur · 375, 4.49 · shelf ${begin}price${end}, no offers…`,
  ],
  [
    'the line below its head',
    'column | example |\n| --- | :---: |\n| maker | Hofgold',
    'column · example · maker · Hofgold',
  ],
  [
    'headings and strong words',
    '## Goal\nAt least **15 products**\n### How',
    'Goal\nAt least 15 products\nHow',
  ],
  [
    'ordinary text',
    'Rows 3 to 7: 2 * 3 = 6, #4 – see “a - b”',
    'Rows 3 to 7: 2 * 3 = 6, #4 – see “a - b”',
  ],
])('an excerpt of %s reads as words', (_what, text, plain) => {
  expect(readAsPlain(text)).toBe(plain);
});
