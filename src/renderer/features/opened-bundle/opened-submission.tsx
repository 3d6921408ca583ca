import type {
  BundledReview,
  BundledSubmission,
  BundledTask,
} from '../../../shared/bundle/engagement-document.ts';
import { describeRemarkPlace } from '../../../shared/bundle/describe-remark-place.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Muted } from '../../ui/stack.tsx';
import { Remark } from '../review/remark.tsx';
import { OpenedFiles } from './opened-files.tsx';
import styles from './opened-bundle.module.css';

export interface OpenedSubmissionProps {
  readonly bundleId: string;
  readonly task: BundledTask;
  readonly submission: BundledSubmission;
}

const verdicts = {
  on_time: 'On time',
  on_time_by_device_clock: 'On time by their clock',
  late: 'Late',
  clock_inconsistent: 'Clocks disagree',
} as const;

const decisions = {
  accepted: { label: 'Accepted', tone: 'positive' },
  changes_requested: { label: 'Changes requested', tone: 'warning' },
} as const;

/** One revision with its files, its receipt, and what was said of it. */
export function OpenedSubmission({ bundleId, task, submission }: OpenedSubmissionProps) {
  const { revision, note, files, receivedAt, claimedAt, receipt, reviews } = submission;
  const verdict = submission.latenessDecision?.verdict ?? submission.verdict;
  return (
    <section
      className={styles.submission}
      aria-label={`Revision ${revision} of ${isolate(task.title)}`}
    >
      <header className={styles.submissionHead}>
        <h3>Revision {revision}</h3>
        {verdict === null ? null : (
          <Badge tone={verdict === 'late' ? 'warning' : 'neutral'}>{verdicts[verdict]}</Badge>
        )}
        <Muted>
          {receivedAt === null
            ? `Handed in ${formatDateTime(claimedAt)}, not on the server yet`
            : `Received ${formatDateTime(receivedAt)}`}
        </Muted>
      </header>
      {note.trim() === '' ? null : <Markdown text={note} isCompact />}
      <OpenedFiles bundleId={bundleId} files={files} />
      {receipt === null ? null : (
        <p className={styles.line}>
          <Muted>
            Receipt of {formatDateTime(receipt.issuedAt)},{' '}
            {receipt.signature === null
              ? 'with names taken out: its signature is not in this bundle'
              : `signed with the key ${receipt.keyId}`}
          </Muted>
        </p>
      )}
      {reviews.map((review) => (
        <Review key={review.id} task={task} submission={submission} review={review} />
      ))}
    </section>
  );
}

interface ReviewProps {
  readonly task: BundledTask;
  readonly submission: BundledSubmission;
  readonly review: BundledReview;
}

function Review({ task, submission, review }: ReviewProps) {
  const { label, tone } = decisions[review.decision];
  return (
    <div className={styles.said}>
      <p className={styles.line}>
        <Badge tone={tone}>{label}</Badge> <strong>{review.reviewer}</strong>{' '}
        <Muted>
          {formatDateTime(review.receivedAt ?? review.claimedAt)}
          {review.counts ? '' : '; an earlier decision counts'}
        </Muted>
      </p>
      {review.comment.trim() === '' ? null : <Markdown text={review.comment} isCompact />}
      {review.comments.map((comment) => {
        const place = describeRemarkPlace(comment, task, submission);
        return (
          <Remark
            key={comment.id}
            by={
              <>
                {comment.kind === 'change' ? 'Change' : 'Remark'}
                {place === undefined ? '' : `: ${place}`}
              </>
            }
            text={comment.text}
          />
        );
      })}
    </div>
  );
}
