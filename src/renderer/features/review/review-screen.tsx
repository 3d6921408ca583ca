import { useCallback, useState } from 'react';
import { FileCheck2 } from 'lucide-react';
import { Redirect, useLocation, useParams } from 'wouter';
import { useRequest } from '../../client/use-request.ts';
import { useSeat } from '../../frame/seat.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { quarantinePath, reviewPath } from '../../routes.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Later } from '../../ui/later.tsx';
import { Page, Panes } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { QuarantineView } from '../quarantine/quarantine-view.tsx';
import { heldId, ReviewQueue } from './review-queue.tsx';
import { SubmissionView } from './submission-view.tsx';
import { useIsWide } from './use-is-wide.ts';

const group = 'Reviewing';

/** Only the first of what waits are fetched at once; this is asked for when somebody goes beyond them. */
const wholeQueue = 100_000;

/** What waits for the employer's decision. `/review/ID` shows any submission, decided or not. */
export function ReviewScreen() {
  const { seat, isIntern } = useSeat();
  const { seatId } = seat;
  const named = useParams<{ '*'?: string }>()['*'] || undefined;
  const [, navigate] = useLocation();
  const isWide = useIsWide();
  const [isWhole, setIsWhole] = useState(false);
  const queue = useRequest(
    'review.queue',
    isIntern ? undefined : isWhole ? { seatId, limit: wholeQueue } : { seatId },
    { keepsPrevious: true },
  );
  const held = useRequest('quarantine.list', isIntern ? undefined : { seatId });
  const heldCount = (held.data ?? []).filter(({ state }) => state === 'waiting').length;
  const waiting = queue.data?.waiting ?? [];
  // It is drawn before the address names it.
  const submissionId = named ?? (isWide ? waiting[0]?.submission.submissionId : undefined);
  const isHeldOpen = submissionId === heldId;
  const waitingTotal = queue.data?.waitingTotal ?? 0;
  const entry = [...waiting, ...(queue.data?.decided ?? [])].find(
    ({ submission }) => submission.submissionId === submissionId,
  );
  // The chosen one may stand among those that were not fetched yet.
  const isPartly = waiting.length < waitingTotal;
  const isLastOrBeyond = entry === undefined || entry === waiting.at(-1);
  if (isPartly && submissionId !== undefined && !isHeldOpen && isLastOrBeyond && !isWhole)
    setIsWhole(true);
  const found = entry?.submission;
  const single = useRequest(
    'submission.get',
    submissionId === undefined || isHeldOpen || queue.isPending || found !== undefined || isIntern
      ? undefined
      : { seatId, submissionId },
  );
  const answered = found ?? single.data;
  const [last, setLast] = useState(answered);
  if (answered !== undefined && answered !== last) setLast(answered);
  // It leaves the queue when another revision follows: until it is asked for by itself, it stays as it was, with the focus in it.
  const isStillAsked = !single.isError && last?.submissionId === submissionId;
  const submission = answered ?? (isStillAsked ? last : undefined);

  const showWhole = useCallback(() => setIsWhole(true), []);
  const select = useCallback((id: string) => navigate(reviewPath(id)), [navigate]);
  const position = waiting.findIndex((each) => each.submission.submissionId === submissionId);
  const step = (by: number) => {
    const index = position === -1 ? 0 : position + by;
    const entered = waiting[index];
    if (entered !== undefined) select(entered.submission.submissionId);
  };
  useShortcut({ keys: ['J'], label: 'Next submission', group }, () => step(1));
  useShortcut({ keys: ['K'], label: 'Previous submission', group }, () => step(-1));

  const next = (waiting[position + 1] ?? waiting[position - 1])?.submission.submissionId;
  const openNext = useCallback(
    () => navigate(next === undefined ? '/review' : reviewPath(next)),
    [navigate, next],
  );

  if (isIntern) return <Redirect to="/" replace />;
  if (queue.isError) {
    return <ErrorNotice error={queue.error} onRetry={() => void queue.refetch()} />;
  }
  if (
    queue.data !== undefined &&
    waiting.length + queue.data.decided.length + heldCount === 0 &&
    !submissionId
  ) {
    return (
      <Page title="Review">
        <EmptyState
          title="Nothing was handed in yet"
          icon={<FileCheck2 />}
          action={<Button onPress={() => navigate('/projects')}>Go to the projects</Button>}
        >
          What interns hand in stands here, the oldest first, beside what it is measured by. Until
          then: write a project, invite an intern, assign a task.
        </EmptyState>
      </Page>
    );
  }
  if (submissionId === undefined && isWide && heldCount > 0) {
    return <Redirect to={quarantinePath} replace />;
  }

  const detail =
    submissionId === undefined ? undefined : isHeldOpen ? (
      held.isError ? (
        <ErrorNotice error={held.error} onRetry={() => void held.refetch()} />
      ) : held.data === undefined ? (
        <Skeleton lines={8} label="Fetching what waits" />
      ) : (
        <QuarantineView seatId={seatId} items={held.data} />
      )
    ) : submission === undefined ? (
      single.isError ? (
        <EmptyState title="This submission is not here">
          It may belong to another organization, or it has not reached this computer yet.
        </EmptyState>
      ) : (
        <Skeleton lines={8} label="Opening the submission" />
      )
    ) : (
      <SubmissionView
        key={submission.submissionId}
        submission={submission}
        reviewer={entry?.reviewer ?? null}
        onDecided={openNext}
      />
    );

  return (
    <>
      {/* The address names it, so that what arrives meanwhile cannot put another one in its place. */}
      {named === undefined && submissionId !== undefined ? (
        <Redirect to={reviewPath(submissionId)} replace />
      ) : null}
      <Panes
        listLabel="Submissions"
        detailLabel="Submission"
        list={
          queue.data === undefined ? (
            <Skeleton lines={6} label="Fetching what waits for you" />
          ) : (
            <ReviewQueue
              queue={queue.data}
              selectedId={submissionId}
              onSelect={select}
              heldCount={heldCount}
              onShowAll={showWhole}
            />
          )
        }
        detail={detail === undefined ? undefined : <Later>{detail}</Later>}
        placeholder={
          queue.data === undefined ? null : (
            <EmptyState title="All reviewed" icon={<FileCheck2 />}>
              Nothing waits for your decision. New work appears here by itself.
            </EmptyState>
          )
        }
      />
    </>
  );
}
