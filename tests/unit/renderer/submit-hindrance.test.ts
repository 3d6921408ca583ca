import { expect, test } from 'vitest';
import { findSubmitHindrance } from '../../../src/renderer/features/tasks/submit-hindrance.ts';

const work = { files: [], note: 'Done', revision: 2, isUnchanged: false };

test('work with a file or a note can be handed in', () => {
  expect(findSubmitHindrance(work)).toBeUndefined();
});

test('more files than a submission holds are said before it is sent', () => {
  const file = {} as (typeof findSubmitHindrance extends (input: infer Input) => unknown
    ? Input
    : never)['files'][number];
  const files = Array.from({ length: 2000 }, () => file);
  expect(findSubmitHindrance({ ...work, files })).toBeUndefined();
  expect(findSubmitHindrance({ ...work, files: [...files, file] })?.title).toBe(
    'There are 2,001 files, and one submission holds at most 2,000',
  );
});

test('what the workspace refuses is not offered: nothing but ticks, and the same work again', () => {
  for (const note of ['', ' \n'])
    expect(findSubmitHindrance({ ...work, note })?.text).toMatch(/^Attach a file or write a note/u);
  expect(findSubmitHindrance({ ...work, isUnchanged: true })?.title).toBe(
    'This is the same work as revision 1',
  );
});
