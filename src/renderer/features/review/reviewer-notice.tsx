import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RelativeTime } from './relative-time.tsx';
import { useFreshReviewer, type Reviewer } from './use-review-claim.ts';

export interface ReviewerNoticeProps {
  readonly seatId: string;
  readonly submissionId: string;
  readonly reviewer: Reviewer | null;
}

/** Says who else is at this submission, before two people write the same. It binds nobody. */
export function ReviewerNotice({ seatId, submissionId, reviewer }: ReviewerNoticeProps) {
  const fresh = useFreshReviewer(reviewer);
  const other = fresh === null || fresh.isSelf ? null : fresh;
  const takeOver = useAction('review.claim', { failure: 'Not taken over' });
  const take = () => {
    if (!takeOver.isPending) takeOver.mutate({ seatId, submissionId, takesOver: true });
  };
  useShortcut(
    { keys: ['T'], label: 'Take over the review', group: 'Reviewing' },
    take,
    other !== null,
  );
  if (other === null) return null;
  return (
    <Notice
      tone="warning"
      isLive
      title={`${isolate(other.name)} is reviewing this`}
      action={
        <Button size="small" keys={['T']} isDisabled={takeOver.isPending} onPress={take}>
          Take over
        </Button>
      }
    >
      Began <RelativeTime instant={other.since} />. Go on to another one, or take this one over:{' '}
      <bdi>{other.name}</bdi> is told. Whichever decision reaches the server first counts.
    </Notice>
  );
}
