import { useCallback, useState } from 'react';
import {
  keepPreviousData,
  skipToken,
  useMutation,
  useQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { RequestInput, RequestName, RequestOutput } from '../../shared/contract/contract.ts';
import { showToast } from '../ui/toast.tsx';
import type { RequestError } from './carrier.ts';
import { describeError } from './describe-error.ts';
import { request } from './host.ts';
import { invalidateSoon, isAskedAgain, measureAnswer } from './queries.ts';
import { WaitingInput } from './waiting-input.ts';

export interface UseRequestOptions {
  /** Shows the earlier answer while another input is being answered: for filters and pages. */
  readonly keepsPrevious?: boolean;
  /**
   * Asked at each opening: what somebody decides by must not be an answer from before. Elsewhere an answer that was given
   * in the last minutes is shown at once, and asked anew where something changed.
   */
  readonly isAskedAnew?: boolean;
}

/**
 * Asks, and asks again by itself whenever the workspace says that something changed. Nothing is asked
 * while `input` is undefined.
 */
export function useRequest<Name extends RequestName>(
  name: Name,
  input: RequestInput<Name> | undefined,
  { keepsPrevious = false, isAskedAnew = false }: UseRequestOptions = {},
): UseQueryResult<RequestOutput<Name>, RequestError> {
  return useQuery<RequestOutput<Name>, RequestError>({
    queryKey: [name, input],
    queryFn:
      input === undefined
        ? skipToken
        : () => measureAnswer([name, input], () => request(name, input)),
    retry: (_count, error) => isAskedAgain([name, input], error),
    // No answer of the contract is a function, which is what the library's type guards against.
    // Forgotten with whoever asked.
    ...(isAskedAnew ? { gcTime: 0 } : {}),
    ...(keepsPrevious ? { placeholderData: keepPreviousData as never } : {}),
  });
}

export interface UseActionOptions<Name extends RequestName> {
  readonly onSuccess?: (output: RequestOutput<Name>, input: RequestInput<Name>) => void;
  /** What could not be done, for the message; "Not saved" by default. */
  readonly failure?: string;
  /** The screen shows `error` itself: no message pops up. */
  readonly isInline?: boolean;
  /** Of actions with the same name here, each is sent when the one before has been answered: it may build on it. */
  readonly inOrder?: string;
}

/**
 * Does something. A failure is said at once, in words, unless the screen says it itself. `mutate` does not send the same
 * again while it waits for the answer, so that two presses of a key or a button are one.
 */
export function useAction<Name extends RequestName>(
  name: Name,
  { onSuccess, failure = 'Not saved', isInline = false, inOrder }: UseActionOptions<Name> = {},
): UseMutationResult<RequestOutput<Name>, RequestError, RequestInput<Name>> {
  const [waiting] = useState(() => new WaitingInput());
  const action = useMutation<RequestOutput<Name>, RequestError, RequestInput<Name>>({
    mutationKey: [name],
    ...(inOrder === undefined ? {} : { scope: { id: inOrder } }),
    mutationFn: (input) => request(name, input),
    onSuccess: (output, input) => {
      invalidateSoon(() => true);
      onSuccess?.(output, input);
    },
    onError: (error) => {
      if (!isInline) {
        showToast({ title: failure, description: describeError(error), tone: 'negative' });
      }
    },
    onSettled: (_output, _error, input) => waiting.end(input),
  });
  const { mutate } = action;
  const mutateOnce = useCallback<typeof mutate>(
    (...asked) => {
      if (waiting.begin(asked[0])) mutate(...asked);
    },
    [mutate, waiting],
  );
  return { ...action, mutate: mutateOnce };
}
