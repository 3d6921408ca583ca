import type { Review, Submission } from '../../../shared/contract/shapes.ts';
import type { RubricCriterion } from '../../../shared/domain/rubric.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { describePlace } from '../review/describe-place.ts';
import { MarkedFile } from '../review/marked-file.tsx';
import { RubricScores } from '../review/rubric-scores.tsx';
import { SyncSign } from './sync-sign.tsx';
import styles from './review-view.module.css';

export interface ReviewViewProps {
  readonly review: Review;
  readonly submission: Submission;
  /** What the work is scored on. */
  readonly rubric: readonly RubricCriterion[];
  /** The decision stands above already. */
  readonly isWithoutDecision?: boolean;
}

/** A decision with what was said: on the whole, on criteria, on files. */
export function ReviewView({
  review,
  submission,
  rubric,
  isWithoutDecision = false,
}: ReviewViewProps) {
  const placed = submission.files.flatMap((file) => {
    const comments = review.comments.filter(
      ({ attachmentId, selectors }) => attachmentId === file.attachmentId && selectors.length > 0,
    );
    return comments.length === 0 ? [] : [{ file, comments }];
  });
  const shownInFiles = new Set(placed.flatMap(({ comments }) => comments.map(({ id }) => id)));
  const others = review.comments.filter(({ id }) => !shownInFiles.has(id));
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
      {others.length === 0 ? null : (
        <ul className={styles.comments}>
          {others.map((comment) => (
            <li key={comment.id} className={styles.comment}>
              {comment.criterionId === null && comment.attachmentId === null ? null : (
                <span className={styles.about}>{describePlace(submission, comment)}</span>
              )}
              <Markdown text={comment.text} isCompact />
            </li>
          ))}
        </ul>
      )}
      {review.scores.length === 0 || rubric.length === 0 ? null : (
        <RubricScores rubric={rubric} given={review.scores} control={undefined} />
      )}
      {placed.map(({ file, comments }) => (
        <MarkedFile
          key={file.attachmentId}
          submission={submission}
          file={file}
          comments={comments}
        />
      ))}
    </article>
  );
}
