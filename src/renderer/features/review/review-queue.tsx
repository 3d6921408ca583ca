import { memo, useCallback, useMemo, useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { Badge } from '../../ui/badge.tsx';
import { PaneHeader } from '../../ui/panes.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { ShowAll } from '../../ui/show-all.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { QuarantineNotice } from '../quarantine/quarantine-notice.tsx';
import { needsLatenessDecision } from '../lateness/needs-lateness-decision.ts';
import { AnswerDue } from './answer-due.tsx';
import { computeFirstName, describeVerdict } from './describe-submission.ts';
import { RelativeTime } from './relative-time.tsx';
import { useFreshReviewer } from './use-review-claim.ts';
import rowStyles from '../../ui/list-row.module.css';
import styles from './review-queue.module.css';

/** Stands in the address in the place of a submission's id. */
export const heldId = 'held';

type Queue = RequestOutput<'review.queue'>;
type Entry = Queue['waiting'][number];
interface Row extends Entry {
  readonly id: string;
}

export interface ReviewQueueProps {
  readonly queue: Queue;
  readonly selectedId: string | undefined;
  readonly onSelect: (submissionId: string) => void;
  /** Work that waits for another decision first. */
  readonly heldCount: number;
  /** Fetches those of what waits that are not in the queue yet. */
  readonly onShowAll: () => void;
}

const toRows = (entries: readonly Entry[]): Row[] =>
  entries.map((entry) => ({ ...entry, id: entry.submission.submissionId }));

/** What waits, in the order of promise and age, and what was decided last. */
export const ReviewQueue = memo(function ReviewQueue({
  queue,
  selectedId,
  onSelect,
  heldCount,
  onShowAll,
}: ReviewQueueProps) {
  const isSelectedDecided = queue.decided.some(
    ({ submission }) => submission.submissionId === selectedId,
  );
  const [tab, setTab] = useState<'waiting' | 'decided'>(isSelectedDecided ? 'decided' : 'waiting');
  const waiting = useMemo(() => toRows(queue.waiting), [queue.waiting]);
  const decided = useMemo(() => toRows(queue.decided), [queue.decided]);
  const select = useCallback((row: Row) => onSelect(row.id), [onSelect]);
  const list = (label: string, rows: readonly Row[], empty: React.ReactNode) => (
    <div className={styles.rows}>
      <VirtualList
        label={label}
        items={rows}
        getText={getText}
        renderItem={renderRow}
        rowHeightPx={80}
        selectedId={selectedId ?? null}
        onSelect={select}
        empty={empty}
      />
    </div>
  );
  return (
    <>
      <PaneHeader title="Review" />
      <QuarantineNotice count={heldCount} isOpen={selectedId === heldId} />
      <div className={styles.tabs}>
        <Tabs
          label="Submissions"
          selectedId={tab}
          onChange={setTab}
          items={[
            {
              id: 'waiting',
              label: 'Waiting',
              count: queue.waitingTotal,
              content: (
                <div className={styles.waiting}>
                  {list(
                    'Waiting for your decision',
                    waiting,
                    <p className={styles.empty}>Nothing waits for you.</p>,
                  )}
                  <ShowAll shown={waiting.length} total={queue.waitingTotal} onPress={onShowAll} />
                </div>
              ),
            },
            {
              id: 'decided',
              label: 'Decided',
              content: list(
                'Decided last',
                decided,
                <p className={styles.empty}>No decisions yet.</p>,
              ),
            },
          ]}
        />
      </div>
    </>
  );
});

const getText = ({ task, submission, reviewer }: Row) =>
  [
    `${isolate(task.title)}, ${isolate(submission.internName)}, revision ${submission.revision}`,
    ...(reviewer === null || reviewer.isSelf ? [] : [`${isolate(reviewer.name)} is reviewing it`]),
  ].join(', ');

const renderRow = (row: Row) => <QueueRow row={row} />;

function QueueRow({ row: { task, submission, reviewer } }: { readonly row: Row }) {
  const fresh = useFreshReviewer(reviewer);
  const verdict = describeVerdict(submission);
  const decision = submission.reviews.find((review) => review.counts)?.decision;
  return (
    <div className={rowStyles.row}>
      <span className={rowStyles.title}>{task.title}</span>
      <span className={styles.line}>
        <span className={styles.name}>{submission.internName}</span>
        <span className={styles.when}>
          {decision === undefined && submission.answerBy !== null ? (
            <AnswerDue instant={submission.answerBy.instant} prefix="answer" />
          ) : (
            <RelativeTime instant={submission.receivedAt ?? submission.claimedAt} />
          )}
        </span>
      </span>
      <span className={styles.line}>
        {decision === undefined ? (
          <>
            {fresh === null || fresh.isSelf ? null : (
              <Badge tone="warning">{computeFirstName(fresh.name)} is at it</Badge>
            )}
            <Badge tone={verdict.tone}>{verdict.label}</Badge>
            {submission.isAwaitingFiles ? <Badge tone="accent">Awaiting files</Badge> : null}
          </>
        ) : (
          <>
            <Badge tone={decision === 'accepted' ? 'positive' : 'warning'}>
              {decision === 'accepted' ? 'Accepted' : 'Changes requested'}
            </Badge>
            {needsLatenessDecision(submission) ? (
              <Badge tone={verdict.tone}>{verdict.label}</Badge>
            ) : null}
          </>
        )}
        {submission.revision > 1 ? (
          <span className={styles.when}>revision {submission.revision}</span>
        ) : null}
      </span>
    </div>
  );
}
