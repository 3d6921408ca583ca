import type { Review, Submission } from '../../../shared/contract/shapes.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { SyncSign } from './sync-sign.tsx';
import styles from './review-view.module.css';

export interface ReviewViewProps {
  readonly review: Review;
  readonly submission: Submission;
  /** The decision stands above already. */
  readonly isWithoutDecision?: boolean;
}

/** A decision with what was said: on the whole, on criteria, on files. */
export function ReviewView({ review, submission, isWithoutDecision = false }: ReviewViewProps) {
  const criterionTexts = new Map(submission.brief.criteria.map(({ id, text }) => [id, text]));
  const fileNames = new Map(submission.files.map(({ attachmentId, name }) => [attachmentId, name]));
  const isAccepted = review.decision === 'accepted';
  return (
    <article className={styles.review}>
      <header className={styles.head}>
        <Avatar name={review.reviewerName} sizePx={24} />
        <span className={styles.who}>{review.reviewerName}</span>
        {isWithoutDecision ? null : (
          <Badge tone={isAccepted ? 'positive' : 'warning'}>
            {isAccepted ? 'Accepted' : 'Changes requested'}
          </Badge>
        )}
        <time className={styles.when} dateTime={review.receivedAt ?? review.claimedAt}>
          {formatDateTime(review.receivedAt ?? review.claimedAt)}
        </time>
        <SyncSign mark={review.mark} />
      </header>
      {review.counts ? null : (
        <p className={styles.quiet}>
          Another decision on this revision came first and counts; this one is kept.
        </p>
      )}
      {review.comment.trim() === '' ? null : <Markdown text={review.comment} isCompact />}
      {review.comments.length === 0 ? null : (
        <ul className={styles.comments}>
          {review.comments.map(({ id, criterionId, attachmentId, text }) => (
            <li key={id} className={styles.comment}>
              {criterionId === null && attachmentId === null ? null : (
                <span className={styles.about}>
                  {criterionId === null
                    ? `File: ${fileNames.get(attachmentId ?? '') ?? 'one of this revision'}`
                    : `Criterion: ${criterionTexts.get(criterionId) ?? 'one of an earlier brief'}`}
                </span>
              )}
              <Markdown text={text} isCompact />
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}
