import { Link } from 'wouter';
import type { Submission } from '../../../shared/contract/shapes.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { reviewPath } from '../../routes.ts';
import { Badge } from '../../ui/badge.tsx';
import { Muted } from '../../ui/stack.tsx';
import { describeVerdict } from './describe-submission.ts';
import { ReviewSummary } from './review-summary.tsx';
import styles from './revision-history.module.css';

/** The other revisions of the same task, newest first, with the reviews they got. */
export function RevisionHistory({
  submissions,
  currentId,
}: {
  readonly submissions: readonly Submission[];
  readonly currentId: string;
}) {
  const others = submissions.filter(({ submissionId }) => submissionId !== currentId);
  return (
    <ol className={styles.history}>
      {others.map((submission) => {
        const verdict = describeVerdict(submission);
        return (
          <li key={submission.submissionId} className={styles.revision}>
            <div className={styles.line}>
              <Link href={reviewPath(submission.submissionId)}>Revision {submission.revision}</Link>
              <Muted>{formatDateTime(submission.receivedAt ?? submission.claimedAt)}</Muted>
              <Badge tone={verdict.tone}>{verdict.label}</Badge>
            </div>
            {submission.reviews.length === 0 ? (
              <Muted>No decision was made on it.</Muted>
            ) : (
              submission.reviews.map((review) => (
                <ReviewSummary key={review.reviewId} review={review} />
              ))
            )}
          </li>
        );
      })}
    </ol>
  );
}
