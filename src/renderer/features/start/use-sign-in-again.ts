import { useLocation } from 'wouter';
import type { Seat } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';

export interface SignInAgain {
  readonly signInAgain: (seat: Pick<Seat, 'seatId' | 'isSample'>) => void;
  readonly isPending: boolean;
}

/**
 * Back into an organization. The sample's people have passwords that nobody was told: the workspace
 * holds them, and opens the sample again.
 */
export function useSignInAgain(): SignInAgain {
  const [, navigate] = useLocation();
  const openSample = useAction('sample.start', { failure: 'The sample could not be opened' });
  return {
    isPending: openSample.isPending,
    signInAgain: ({ seatId, isSample }) =>
      isSample ? openSample.mutate({}) : navigate(`/sign-in?seat=${encodeURIComponent(seatId)}`),
  };
}
