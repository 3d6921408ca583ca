import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Seat } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useSignInAgain } from '../start/use-sign-in-again.ts';

/** What keeps whole organizations from synchronising. */
export function SeatProblems({
  seats,
  statuses,
}: {
  readonly seats: readonly Seat[];
  readonly statuses: RequestOutput<'sync.status'>['seats'];
}) {
  const { signInAgain, isPending } = useSignInAgain();
  return statuses.map(({ seatId, sync, accessEndedAt }) => {
    const seat = seats.find((each) => each.seatId === seatId);
    const name = seat?.organizationName ?? '';
    if (sync.state === 'signed_out') {
      return (
        <Notice
          key={seatId}
          tone="warning"
          title={`You are signed out of ${isolate(name)} on this device`}
          action={
            <Button
              size="small"
              isPending={isPending}
              onPress={() => signInAgain({ seatId, isSample: seat?.isSample ?? false })}
            >
              Sign in
            </Button>
          }
        >
          What waits here is kept, and is sent once you have signed in again.
        </Notice>
      );
    }
    if (sync.state === 'update_needed') {
      return (
        <Notice key={seatId} tone="warning" title={`Update needed for ${isolate(name)}`}>
          {sync.lastProblem ?? 'The server asks for a newer Stint'}. Your work is safe on this
          computer and is sent still; what is new there comes after the update.
        </Notice>
      );
    }
    if (seat?.isAccountClosed === true) {
      return (
        <Notice key={seatId} tone="neutral" title={`Your account on ${seat.serverUrl} is closed`}>
          What you handed in to <bdi>{name}</bdi> before stays there. What you had not sent is kept
          on this computer.
        </Notice>
      );
    }
    if (accessEndedAt !== null) {
      return (
        <Notice key={seatId} tone="warning" title={`Your access to ${isolate(name)} has ended`}>
          Noticed on this computer {formatDateTime(accessEndedAt)}. What you handed in before stays
          with the organization. What you had not sent is below, and yours.
        </Notice>
      );
    }
    if (sync.lastProblem !== null) {
      return (
        <Notice
          key={seatId}
          tone={sync.isOnline ? 'warning' : 'neutral'}
          title={
            sync.isOnline
              ? `${isolate(name)} could not be synchronised`
              : `No connection to ${isolate(name)}`
          }
        >
          The last attempt: {sync.lastProblem}. Your work is safe; it is tried again by itself.
        </Notice>
      );
    }
    return null;
  });
}
