import { QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { invalidateSoon, queries } from '../../../src/renderer/client/queries.ts';

test('a change that comes while a question is asked for the first time is not lost', async () => {
  let isSaved = false;
  let answer: (() => void) | undefined;
  const observer = new QueryObserver(queries, {
    queryKey: ['submission.get'],
    queryFn: () => {
      // What was so when the question arrived.
      const isSavedNow = isSaved;
      return new Promise<boolean>((resolve) => {
        answer = () => resolve(isSavedNow);
      });
    },
  });
  const leave = observer.subscribe(() => {});

  isSaved = true;
  invalidateSoon(() => true);
  await vi.waitFor(() => expect(observer.getCurrentQuery().state.isInvalidated).toBe(true));
  answer?.();
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe(false));
  await vi.waitFor(() => {
    answer?.();
    expect(observer.getCurrentResult().data).toBe(true);
  });
  leave();
  queries.clear();
});
