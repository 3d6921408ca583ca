import { expect, test } from 'vitest';
import { WaitingInput } from '../../../src/renderer/client/waiting-input.ts';

test('the same is not asked for a second time before its answer', () => {
  const waiting = new WaitingInput();
  const first = { title: 'Survey' };
  expect(waiting.begin(first)).toBe(true);
  expect(waiting.begin({ title: 'Survey' })).toBe(false);
  waiting.end(first);
  expect(waiting.begin({ title: 'Survey' })).toBe(true);
});

test('something else is asked for at once, and then the first again', () => {
  const waiting = new WaitingInput();
  const first = { title: 'Survey' };
  const again = { title: 'Survey' };
  expect(waiting.begin(first)).toBe(true);
  expect(waiting.begin({ title: 'Report' })).toBe(true);
  expect(waiting.begin(again)).toBe(true);
  // The earlier answer says nothing about what was asked for after it.
  waiting.end(first);
  expect(waiting.begin({ title: 'Survey' })).toBe(false);
  waiting.end(again);
  expect(waiting.begin({})).toBe(true);
});
