import { expect, test } from 'vitest';
import { describeHandedIn } from '../../../src/renderer/features/tasks/submission-texts.ts';

test('work that was handed in without a connection is not said to wait for a review', () => {
  for (const mark of ['on_this_computer', 'sending'] as const)
    expect(describeHandedIn({ receivedAt: null, mark }).title).toBe('Handed in, not sent yet');
  expect(describeHandedIn({ receivedAt: null, mark: 'refused' }).text).toMatch(
    /^It has not reached the employer/u,
  );
  expect(
    describeHandedIn({ receivedAt: '2026-03-03T09:00:00.000Z', mark: 'on_the_server' }).title,
  ).toBe('Handed in, waiting for review');
});
