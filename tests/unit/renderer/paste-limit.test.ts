import { expect, test } from 'vitest';
import { describePasteLimit } from '../../../src/renderer/ui/paste-limit.ts';

test('a text that is pasted and does not fit is not taken, and how much would fit is said', () => {
  expect(describePasteLimit(200_000, 500, 2000)).toBe(
    'What you put in has 200,000 characters, and there is room for 1,500: it was not taken. Shorten it, or attach it as a file.',
  );
  expect(describePasteLimit(1, 2500, 2000)).toContain('1 character, and there is room for 0');
  expect(describePasteLimit(1500, 500, 2000)).toBeUndefined();
  expect(describePasteLimit(1_000_000, 0, undefined)).toBeUndefined();
});
