import type { Review } from '../../../shared/contract/shapes.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { toMarkState } from '../../ui/mark-of.ts';
import { Mark } from '../../ui/mark.tsx';
import { Muted } from '../../ui/stack.tsx';
import styles from './review-summary.module.css';

/** A decision that was made: which, by whom, when, and the words on the whole. */
export function ReviewSummary({ review }: { readonly review: Review }) {
  const isAccepted = review.decision === 'accepted';
  const remarkCount = review.comments.filter(
    (comment) => comment.criterionId !== null || comment.attachmentId !== null,
  ).length;
  const general = review.comments.filter(
    (comment) => comment.criterionId === null && comment.attachmentId === null,
  );
  return (
    <div className={styles.review}>
      <div className={styles.line}>
        <Badge tone={isAccepted ? 'positive' : 'warning'}>
          {isAccepted ? 'Accepted' : 'Changes requested'}
        </Badge>
        <Muted>
          <bdi>{review.reviewerName}</bdi>, {formatDateTime(review.receivedAt ?? review.claimedAt)}
        </Muted>
        <Mark state={toMarkState(review.mark)} />
      </div>
      {review.counts ? null : (
        <p>
          <Muted>
            Another decision reached the server first; this one is kept and does not count.
          </Muted>
        </p>
      )}
      {review.comment.trim() === '' ? null : <Markdown text={review.comment} isCompact />}
      {general.map((comment) => (
        <Markdown key={comment.id} text={comment.text} isCompact />
      ))}
      {remarkCount === 0 ? null : (
        <Muted>
          {formatPlural(remarkCount, 'comment', 'comments')} on criteria and files, shown beside
          them.
        </Muted>
      )}
    </div>
  );
}
