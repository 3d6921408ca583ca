import { RefreshCw } from 'lucide-react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { SeatSync } from '../../../shared/contract/shapes.ts';
import type { Transfer, WaitingChange } from '../../../shared/contract/sync-requests.ts';
import { useConnection } from '../../client/connection.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatTime } from '../../format/date-time.ts';
import { formatPlural } from '../../format/numbers.ts';
import { useSeat } from '../../frame/seat.tsx';
import { computeSyncHeadline } from '../../frame/sync-headline.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Stack } from '../../ui/stack.tsx';
import { AttentionList } from './attention-list.tsx';
import { ChangeLine } from './change-line.tsx';
import { KeptSection } from './kept-section.tsx';
import { SeatProblems } from './seat-problems.tsx';
import { TransfersSection } from './transfers-section.tsx';
import styles from './waiting-screen.module.css';

const shownAtFirst = 50;

const isOnItsWay: ReadonlySet<WaitingChange['state']> = new Set([
  'waiting',
  'sending',
  'confirming',
]);

/** Also what waits for a change that was taken off the list: nothing stands nowhere. */
const needsDecision = ({ state, waitsForId }: WaitingChange) =>
  state === 'refused' || state === 'kept' || (state === 'held' && waitsForId === null);

/** What waits, what is moving, and what was refused, with the reason and what can be done. */
export function WaitingScreen() {
  const { seats } = useSeat();
  const status = useRequest('sync.status', {});
  const waiting = useRequest('sync.waiting', {});
  const connection = useConnection();
  const syncNow = useAction('sync.now', { failure: 'Not synchronised' });
  const overall = status.data?.overall;
  const nextAttemptAt = findNextAttempt(status.data?.seats ?? []);

  return (
    <Page
      title="Synchronisation"
      width="reading"
      actions={
        <Button icon={<RefreshCw />} onPress={() => syncNow.mutate({})}>
          Try now
        </Button>
      }
    >
      <Stack gap={1}>
        <p className={styles.headline}>{computeSyncHeadline(overall, connection).text}</p>
        <p className={styles.quiet}>
          {describeSending(overall)}
          {nextAttemptAt === null ? '' : ` Next try: ${formatTime(nextAttemptAt)}.`}
        </p>
      </Stack>
      <SeatProblems seats={seats} statuses={status.data?.seats ?? []} />
      {status.data === undefined || status.data.copyProblem === null ? null : (
        <Notice title={status.data.copyProblem} />
      )}
      {waiting.isLoadingError ? (
        <ErrorNotice error={waiting.error} onRetry={() => void waiting.refetch()} />
      ) : waiting.isPending ? (
        <Skeleton lines={5} />
      ) : (
        <Lists changes={waiting.data.changes} transfers={waiting.data.transfers} />
      )}
    </Page>
  );
}

function describeSending(overall: SeatSync | undefined): string {
  if (overall?.state === 'signed_out')
    return 'Work on: everything is kept on this computer and sent by itself once you have signed in.';
  return overall === undefined || overall.isOnline
    ? 'Everything is sent by itself, at once, whenever a connection is there.'
    : 'There is no connection to the server now. Work on: everything is kept on this computer and sent by itself later.';
}

/** The soonest, where something waits for it; a look for news by itself is none of a person's business. */
function findNextAttempt(seats: RequestOutput<'sync.status'>['seats']): string | null {
  const waiting = seats.filter(
    ({ sync }) => !sync.isOnline || sync.waitingChanges > 0 || sync.waitingBytes > 0,
  );
  return (
    waiting
      .flatMap(({ nextAttemptAt }) => (nextAttemptAt === null ? [] : [nextAttemptAt]))
      .sort()[0] ?? null
  );
}

function Lists({
  changes,
  transfers,
}: {
  readonly changes: readonly WaitingChange[];
  readonly transfers: readonly Transfer[];
}) {
  const refused = changes.filter(needsDecision);
  const held = changes.filter((change) => change.state === 'held' && !needsDecision(change));
  const withEmployer = changes.filter(({ state }) => state === 'with_employer');
  const others = changes.filter(({ state }) => isOnItsWay.has(state));
  const restCount = others.length - shownAtFirst;
  if (changes.length === 0 && transfers.length === 0) {
    return (
      <>
        <KeptSection />
        <TransfersSection transfers={transfers} />
        <EmptyState title="Nothing waits">
          What you do next appears here for as long as it is only on this computer.
        </EmptyState>
      </>
    );
  }
  return (
    <>
      {refused.length === 0 ? null : (
        <Section title={`For you to decide: ${refused.length}`}>
          <AttentionList changes={refused} held={held} />
        </Section>
      )}
      <KeptSection />
      {withEmployer.length === 0 ? null : (
        <Section title={`With the organization: ${withEmployer.length}`}>
          <p className={styles.quiet}>
            This came after your access had ended. It is safe on the server; the organization
            accepts or declines it, and what they decide stands here.
          </p>
          <ul className={styles.list}>
            {withEmployer.map((change) => (
              <ChangeLine key={change.mutationId} change={change} />
            ))}
          </ul>
        </Section>
      )}
      <TransfersSection transfers={transfers} />
      {others.length === 0 ? null : (
        <Section title={`${formatPlural(others.length, 'change', 'changes')} to send`}>
          <ul className={styles.list}>
            {others.slice(0, shownAtFirst).map((change) => (
              <ChangeLine key={change.mutationId} change={change} />
            ))}
          </ul>
          {restCount > 0 ? (
            <p className={styles.quiet}>
              and {formatPlural(restCount, 'older change', 'older changes')}, sent in order
            </p>
          ) : null}
        </Section>
      )}
    </>
  );
}
