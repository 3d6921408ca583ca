import { useId, useState } from 'react';
import type { Submission } from '../../../shared/contract/shapes.ts';
import type { RubricCriterion } from '../../../shared/domain/rubric.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatBytes, formatCount, formatPlural } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { DualTime } from '../../ui/dual-time.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { CompareRevisions } from '../comparison/compare-revisions.tsx';
import { RelativeTime } from '../review/relative-time.tsx';
import { ReadCriterion } from './criteria-list.tsx';
import { FileLine } from './file-line.tsx';
import { Receipt } from './receipt.tsx';
import { ReviewView } from './review-view.tsx';
import { describeVerdict } from './submission-texts.ts';
import { FileSign, SyncSign } from './sync-sign.tsx';
import { TaskSection } from './task-section.tsx';
import styles from './submission-history.module.css';

export interface SubmissionHistoryProps {
  /** Newest first. */
  readonly submissions: readonly Submission[];
  /** What they are scored on. */
  readonly rubric: readonly RubricCriterion[];
}

/** Every revision beside the reviews it got, the newest opened. */
export function SubmissionHistory({ submissions, rubric }: SubmissionHistoryProps) {
  if (submissions.length === 0) return null;
  return (
    <TaskSection title="History" aside={formatPlural(submissions.length, 'revision', 'revisions')}>
      <ol className={styles.list}>
        {submissions.map((submission, index) => (
          <li key={submission.submissionId}>
            <Revision
              submission={submission}
              previous={submissions[index + 1]}
              rubric={rubric}
              isNewest={index === 0}
            />
          </li>
        ))}
      </ol>
    </TaskSection>
  );
}

function describeDecision({ reviews, mark }: Submission): {
  readonly text: string;
  readonly tone: 'positive' | 'warning' | 'neutral';
} {
  const review = reviews.find(({ counts }) => counts);
  if (review === undefined)
    return {
      text: mark === 'on_the_server' ? 'Waiting for review' : 'Waiting to be sent',
      tone: 'neutral',
    };
  return review.decision === 'accepted'
    ? { text: 'Accepted', tone: 'positive' }
    : { text: 'Changes requested', tone: 'warning' };
}

interface RevisionProps {
  readonly submission: Submission;
  /** The one before it. */
  readonly previous: Submission | undefined;
  readonly rubric: readonly RubricCriterion[];
  readonly isNewest: boolean;
}

function Revision({ submission, previous, rubric, isNewest }: RevisionProps) {
  const [isCompared, setIsCompared] = useState(false);
  const verdict = describeVerdict(submission);
  const decision = describeDecision(submission);
  // A device's clock may be years off; the server's is not.
  const shownAt = submission.receivedAt ?? submission.claimedAt;
  return (
    <details className={styles.revision} open={isNewest}>
      <summary className={styles.summary}>
        <span className={styles.name}>Revision {formatCount(submission.revision)}</span>
        <time className={styles.quiet} dateTime={shownAt}>
          {formatDateTime(shownAt)}
        </time>
        {submission.verdict === null ? null : <Badge tone={verdict.tone}>{verdict.text}</Badge>}
        <Badge tone={decision.tone}>{decision.text}</Badge>
        <span className={styles.end}>
          <SyncSign mark={submission.mark} isLabelled={submission.mark !== 'on_the_server'} />
        </span>
      </summary>
      <div className={styles.sides}>
        <Work submission={submission} />
        <Answers submission={submission} rubric={rubric} />
      </div>
      {previous === undefined ? null : (
        <div className={styles.compared}>
          <Button
            size="small"
            aria-expanded={isCompared}
            onPress={() => setIsCompared(!isCompared)}
          >
            {isCompared ? 'Hide the comparison' : `Compare with revision ${previous.revision}`}
          </Button>
          {isCompared ? <CompareRevisions before={previous} after={submission} /> : null}
        </div>
      )}
    </details>
  );
}

function Work({ submission }: { readonly submission: Submission }) {
  const { seatId, files, note, brief, workedSeconds, tickedCriterionIds } = submission;
  const ticked = new Set(tickedCriterionIds);
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return (
    <div className={styles.side}>
      <p className={styles.quiet}>
        {formatPlural(files.length, 'file', 'files')}
        {files.length === 0 ? '' : `, ${formatBytes(totalBytes)}`} ·{' '}
        {formatDuration(workedSeconds * 1000)} worked · brief version {formatCount(brief.version)}
      </p>
      {files.length === 0 ? null : (
        <ul className={styles.files}>
          {files.map((file) => (
            <li key={file.attachmentId}>
              <FileLine seatId={seatId} file={file} showsPicture sign={<FileSign file={file} />} />
            </li>
          ))}
        </ul>
      )}
      {note.trim() === '' ? null : (
        <Part title="Note">
          <Markdown text={note} isCompact />
        </Part>
      )}
      {brief.criteria.length === 0 ? null : (
        <Part
          title={`Criteria ticked, ${formatCount(ticked.size)} of ${formatCount(brief.criteria.length)}`}
        >
          <ul className={styles.criteria}>
            {brief.criteria.map((criterion) => (
              <li key={criterion.id}>
                <ReadCriterion criterion={criterion} isTicked={ticked.has(criterion.id)} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title="Receipt">
        <Receipt submission={submission} />
      </Part>
    </div>
  );
}

function Answers({ submission, rubric }: Pick<RevisionProps, 'submission' | 'rubric'>) {
  const { answerBy, reviews } = submission;
  return (
    <div className={styles.side}>
      {reviews.length > 0 ? (
        reviews.map((review) => (
          <ReviewView
            key={review.reviewId}
            review={review}
            submission={submission}
            rubric={rubric}
          />
        ))
      ) : answerBy === null ? (
        <p className={styles.quiet}>No review yet.</p>
      ) : (
        <p>
          {answerBy.byName === ''
            ? 'An answer was promised by '
            : `${isolate(answerBy.byName)} answers by `}
          <DualTime instant={answerBy.instant} zone={answerBy.zone} />{' '}
          <span className={styles.quiet}>
            <RelativeTime instant={answerBy.instant} />
          </span>
        </p>
      )}
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.part}>
      <h4 id={id} className={styles.partTitle}>
        {title}
      </h4>
      {children}
    </section>
  );
}
