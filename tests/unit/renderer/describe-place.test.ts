import { expect, it } from 'vitest';
import { describeMeasure } from '../../../src/renderer/features/review/describe-place.ts';

const submission = {
  brief: {
    briefVersionId: 'b',
    version: 1,
    instructions: '',
    createdAt: '2026-03-02T09:00:00.000Z',
    criteria: [
      { id: 'one', text: 'The sources are named' },
      { id: 'two', text: 'One page' },
    ],
  },
};

it.each([
  ['change', 'two', 'a change, by criterion 2'],
  // Work that was accepted has remarks that name a criterion, and no changes.
  ['remark', 'two', 'on criterion 2'],
  ['change', 'gone', 'a change, by a criterion of another version of the brief'],
  ['change', null, 'a change'],
  ['remark', null, ''],
] as const)('a %s that names the criterion %s says "%s"', (kind, criterionId, words) => {
  expect(describeMeasure(submission, { kind, criterionId })).toBe(words);
});
