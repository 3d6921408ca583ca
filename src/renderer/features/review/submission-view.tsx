import { ArrowLeft } from 'lucide-react';
import { Link } from 'wouter';
import type { Submission } from '../../../shared/contract/shapes.ts';
import { useRequest } from '../../client/use-request.ts';
import { engagementPath, projectTaskPath, reviewPath } from '../../routes.ts';
import { Badge } from '../../ui/badge.tsx';
import { DualTime } from '../../ui/dual-time.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { needsLatenessDecision } from '../lateness/needs-lateness-decision.ts';
import { LatenessDecision } from '../lateness/lateness-decision.tsx';
import { CriteriaList } from './criteria-list.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { computeFirstName, describeSubmission } from './describe-submission.ts';
import { ReceiptDetails } from './receipt-details.tsx';
import { RelativeTime } from './relative-time.tsx';
import { useReviewDraft } from './review-draft.ts';
import { ReviewSummary } from './review-summary.tsx';
import { RevisionHistory } from './revision-history.tsx';
import { SubmissionFiles } from './submission-files.tsx';
import { SubmissionHours } from './submission-hours.tsx';
import { useIsWide } from './use-is-wide.ts';
import styles from './submission-view.module.css';

export interface SubmissionViewProps {
  readonly submission: Submission;
  readonly onDecided: () => void;
}

/** One submission beside its criteria. Mount it keyed by the submission. */
export function SubmissionView({ submission, onDecided }: SubmissionViewProps) {
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
              {task === undefined ? null : <span>{task.item.projectTitle}</span>}
              <span>Revision {revision}</span>
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
                {firstName}’s note
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
                    ticked by {firstName}
                  </span>
                </h3>
                <CriteriaList submission={submission} previous={previous} control={writable} />
              </section>
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
            <section className={styles.files}>
              <h3 className={styles.label}>
                Files
                <span className={styles.count}>{submission.files.length}</span>
              </h3>
              <SubmissionFiles submission={submission} control={writable} />
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
}
