import { memo, useEffect, useRef, useState } from 'react';
import { ArrowLeft } from 'lucide-react';
import { Link } from 'wouter';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { Submission } from '../../../shared/contract/shapes.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatPlural } from '../../format/numbers.ts';
import { engagementPath, projectTaskPath, reviewPath } from '../../routes.ts';
import { Badge } from '../../ui/badge.tsx';
import { DualTime } from '../../ui/dual-time.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { needsLatenessDecision } from '../lateness/needs-lateness-decision.ts';
import { LatenessDecision } from '../lateness/lateness-decision.tsx';
import { CompareRevisions } from '../comparison/compare-revisions.tsx';
import { AnswerBy } from './answer-by.tsx';
import { CriteriaList } from './criteria-list.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { computeFirstName, describeSubmission } from './describe-submission.ts';
import { FilesHeading } from './files-heading.tsx';
import { KeptDraft } from './kept-draft.tsx';
import { PhrasePicker } from './phrase-picker.tsx';
import { ReceiptDetails } from './receipt-details.tsx';
import { RelativeTime } from './relative-time.tsx';
import { hasWords, useReviewDraft } from './review-draft.ts';
import { ReviewSummary } from './review-summary.tsx';
import { ReviewerNotice } from './reviewer-notice.tsx';
import { RevisionHistory } from './revision-history.tsx';
import { RubricScores } from './rubric-scores.tsx';
import { SubmissionFiles } from './submission-files.tsx';
import { SubmissionHours } from './submission-hours.tsx';
import { useIsWide } from './use-is-wide.ts';
import { useReviewClaim, type Reviewer } from './use-review-claim.ts';
import styles from './submission-view.module.css';

export interface SubmissionViewProps {
  readonly submission: Submission;
  /** Who is at it now, as far as this computer knows. */
  readonly reviewer: Reviewer | null;
  readonly onDecided: () => void;
}

/** One submission beside its criteria. Mount it keyed by the submission. Not drawn anew when only the address changes. */
export const SubmissionView = memo(function SubmissionView({
  submission,
  reviewer,
  onDecided,
}: SubmissionViewProps) {
  const { seatId, taskId, submissionId, internName, revision } = submission;
  // Where the list is out of sight, so is its heading.
  const Title = useIsWide() ? 'h2' : 'h1';
  const task = useRequest('task.get', { seatId, taskId }).data;
  const control = useReviewDraft(submissionId);
  const isDecided = submission.reviews.some((review) => review.counts);
  const writable = isDecided ? undefined : control;
  const firstName = computeFirstName(internName);
  const newest = task?.submissions[0];
  const previous = task?.submissions.find((each) => each.revision === revision - 1);
  const statements = describeSubmission(submission);
  const rubric = task?.rubric ?? [];
  const [comparedId, setComparedId] = useState<string | null>(null);
  const compared = task?.submissions.find((each) => each.submissionId === comparedId);
  const filesRef = useRef<HTMLElement>(null);
  // In a narrow window the files lie below everything else.
  useEffect(() => {
    if (comparedId !== null) filesRef.current?.scrollIntoView({ block: 'start' });
  }, [comparedId]);
  const counting = submission.reviews.find((review) => review.counts);
  useReviewClaim({
    seatId,
    submissionId,
    isOpen: !isDecided,
    hasActed: control.draft.decision !== null || hasWords(control.draft),
  });

  return (
    <article className={styles.view} aria-label={task?.item.title ?? 'Submission'}>
      <div className={styles.scroll}>
        <div className={styles.content}>
          <Link href="/review" className={styles.back}>
            <ArrowLeft aria-hidden /> Review
          </Link>
          <header className={styles.header}>
            <Title className={styles.title}>
              {task === undefined ? (
                'Submission'
              ) : (
                <Link href={projectTaskPath(task.item.projectId, taskId)}>{task.item.title}</Link>
              )}
            </Title>
            <p className={styles.by}>
              <Link href={engagementPath(submission.engagementId)}>{internName}</Link>
              {task === undefined ? null : (
                <span>
                  <bdi>{task.item.projectTitle}</bdi>
                </span>
              )}
              <span>Revision {revision}</span>
              {task === undefined ? null : <span>{describeRounds(task)}</span>}
              <span>
                {submission.receivedAt === null ? 'handed in' : 'received'}{' '}
                <RelativeTime instant={submission.receivedAt ?? submission.claimedAt} />
              </span>
              {task === undefined ? null : (
                <span>
                  due <DualTime instant={task.item.due.instant} zone={task.item.due.zone} />
                </span>
              )}
            </p>
            <ul className={styles.statements}>
              {statements.map(({ id, label, tone, detail }) => (
                <li key={id}>
                  <Badge tone={tone}>{label}</Badge> <Muted>{detail}</Muted>
                </li>
              ))}
            </ul>
          </header>
          {newest === undefined || newest.revision <= revision ? null : (
            <Notice
              tone={isDecided ? 'neutral' : 'warning'}
              title={`Revision ${newest.revision} has come after this one`}
            >
              <Link href={reviewPath(newest.submissionId)}>Look at revision {newest.revision}</Link>
            </Notice>
          )}
          {isDecided ? (
            <KeptDraft submission={submission} control={control} />
          ) : (
            <ReviewerNotice seatId={seatId} submissionId={submissionId} reviewer={reviewer} />
          )}
          {needsLatenessDecision(submission) ? (
            <LatenessDecision submission={submission} firstName={firstName} />
          ) : null}
          {isDecided ? (
            <section className={styles.decided} aria-label="Decision">
              {submission.reviews.map((review) => (
                <ReviewSummary key={review.reviewId} review={review} />
              ))}
            </section>
          ) : null}
          <div className={styles.columns}>
            <section className={styles.note} aria-labelledby={`note-${submissionId}`}>
              <h3 id={`note-${submissionId}`} className={styles.label}>
                <span>
                  <bdi>{firstName}</bdi>’s note
                </span>
              </h3>
              {submission.note.trim() === '' ? (
                <Muted>No note came with it.</Muted>
              ) : (
                <Markdown text={submission.note} />
              )}
            </section>
            <aside className={styles.aside} aria-label="Criteria, hours, and when it came">
              <section>
                <h3 className={styles.label}>
                  Acceptance criteria
                  <span className={styles.count}>
                    {submission.tickedCriterionIds.length} of {submission.brief.criteria.length}{' '}
                    ticked by <bdi>{firstName}</bdi>
                  </span>
                </h3>
                <CriteriaList submission={submission} previous={previous} control={writable} />
              </section>
              {rubric.length === 0 || (isDecided && counting?.scores.length === 0) ? null : (
                <section>
                  <h3 className={styles.label}>Rubric</h3>
                  <RubricScores rubric={rubric} given={counting?.scores} control={writable} />
                </section>
              )}
              {isDecided ? null : (
                <section>
                  <h3 className={styles.label}>Answer by</h3>
                  <AnswerBy submission={submission} internZone={task?.zones.intern ?? null} />
                </section>
              )}
              <section>
                <h3 className={styles.label}>Hours</h3>
                <SubmissionHours
                  submission={submission}
                  estimateMinutes={task?.item.estimateMinutes ?? null}
                  entries={task?.timeEntries}
                />
              </section>
              <section>
                <h3 className={styles.label}>When it came</h3>
                <ReceiptDetails submission={submission} />
              </section>
            </aside>
            <section ref={filesRef} className={styles.files}>
              <FilesHeading
                submission={submission}
                others={task?.submissions ?? []}
                compared={compared}
                onCompare={setComparedId}
              />
              {compared === undefined ? (
                <SubmissionFiles submission={submission} control={writable} />
              ) : (
                <CompareRevisions before={compared} after={submission} />
              )}
            </section>
            {task === undefined || task.submissions.length < 2 ? null : (
              <section className={styles.history}>
                <h3 className={styles.label}>Other revisions</h3>
                <RevisionHistory submissions={task.submissions} currentId={submissionId} />
              </section>
            )}
          </div>
        </div>
      </div>
      {isDecided ? null : (
        <footer className={styles.footer}>
          <PhrasePicker seatId={seatId} />
          <DecisionBar
            submission={submission}
            task={task}
            control={control}
            onDecided={onDecided}
          />
        </footer>
      )}
    </article>
  );
});

/** "No changes asked for yet, 2 rounds included", "1 of 2 rounds of changes used". */
function describeRounds({ roundsUsed, roundsIncluded }: RequestOutput<'task.get'>): string {
  if (roundsUsed === 0)
    return roundsIncluded === 0
      ? 'no round of changes included'
      : `${formatPlural(roundsIncluded, 'round', 'rounds')} of changes included`;
  return `${roundsUsed} of ${formatPlural(roundsIncluded, 'round', 'rounds')} of changes used`;
}
