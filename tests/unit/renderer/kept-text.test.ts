import { expect, test } from 'vitest';
import {
  computeKeptText,
  parseKeptText,
} from '../../../src/renderer/features/projects/kept-text.ts';

test('what stands in a form is kept as it is: what was emptied, too', () => {
  const values = {
    title: 'Spring research',
    graceMinutes: Number.NaN,
    instructions: null,
    rubric: [{ text: 'Sources', points: Number.NaN }],
  };
  expect(parseKeptText(computeKeptText(values))).toEqual(values);
});

test.each([[null], [''], ['{"title":'], ['7'], ['null']])('nothing is made of %j', (text) => {
  expect(parseKeptText(text)).toBeUndefined();
});
