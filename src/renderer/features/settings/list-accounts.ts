import type { Seat } from '../../../shared/contract/shapes.ts';

/** The account that a seat belongs to: several organizations may share one. */
export const computeAccountKey = ({
  serverUrl,
  email,
}: Pick<Seat, 'serverUrl' | 'email'>): string => `${serverUrl} ${email}`;

/** One seat for each account that is signed in. */
export function listAccounts(seats: readonly Seat[]): readonly Seat[] {
  const byAccount = new Map(
    seats
      .filter(
        ({ sync, isSample, isAccountClosed }) =>
          sync.state !== 'signed_out' && !isSample && !isAccountClosed,
      )
      .map((seat) => [computeAccountKey(seat), seat]),
  );
  return [...byAccount.values()];
}
