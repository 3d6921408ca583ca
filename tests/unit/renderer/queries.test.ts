import { QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { RequestError } from '../../../src/renderer/client/carrier.ts';
import { invalidateSoon, isAskedAgain, queries } from '../../../src/renderer/client/queries.ts';

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

test('what stands on a screen is not replaced by a failure that passes', () => {
  const queryKey = ['engagement.get', { seatId: 'a' }];
  const passing = new RequestError('internal', 'something went wrong');
  const final = new RequestError('not_found', 'there is no such engagement');
  expect(isAskedAgain(queryKey, passing)).toBe(false);
  queries.setQueryData(queryKey, 'what was answered');
  expect(isAskedAgain(queryKey, passing)).toBe(true);
  expect(isAskedAgain(queryKey, final)).toBe(false);
  expect(isAskedAgain([], new RequestError('host_silent', 'no host'))).toBe(true);
  queries.clear();
});
