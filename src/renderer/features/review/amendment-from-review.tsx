import type { Submission } from '../../../shared/contract/shapes.ts';
import { useRequest } from '../../client/use-request.ts';
import { AmendmentDialog } from '../agreement/amendment-dialog.tsx';
import { computeFirstName } from './describe-submission.ts';

export interface AmendmentFromReviewProps {
  readonly submission: Submission;
  /** What the reviewer has written so far. */
  readonly words: string;
  readonly onClose: () => void;
}

/** What the brief does not ask for yet is no change to the work: it is proposed, and the intern may say no. */
export function AmendmentFromReview({ submission, words, onClose }: AmendmentFromReviewProps) {
  const { seatId, engagementId, taskId, internName } = submission;
  const engagement = useRequest('engagement.get', { seatId, engagementId }).data?.engagement;
  if (engagement === undefined) return null;
  return (
    <AmendmentDialog
      engagement={engagement}
      otherSide={computeFirstName(internName)}
      taskId={taskId}
      title="Propose something new"
      initial={{ reason: words }}
      onClose={onClose}
    />
  );
}
