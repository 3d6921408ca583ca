import { useState } from 'react';
import { ArrowLeft, Inbox } from 'lucide-react';
import { Link } from 'wouter';
import { useAction } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Section } from '../../ui/panes.tsx';
import { Muted, Stack } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useIsWide } from '../review/use-is-wide.ts';
import { DeclineDialog } from './decline-dialog.tsx';
import { HeldWork } from './held-work.tsx';
import { describeHeldWork, type QuarantineItem } from './quarantine-item.ts';
import styles from './quarantine.module.css';

const group = 'Sent after access ended';

/** Work of people whose access had ended: the employer takes it over or leaves it out. */
export function QuarantineView({
  seatId,
  items,
}: {
  readonly seatId: string;
  readonly items: readonly QuarantineItem[];
}) {
  // Beside the list, "Review" is the page's own title.
  const Title = useIsWide() ? 'h2' : 'h1';
  const [declining, setDeclining] = useState<QuarantineItem | null>(null);
  const accept = useAction('quarantine.accept', {
    failure: 'Not accepted',
    onSuccess: () =>
      showToast({
        title: 'Accepted',
        description: 'It stands with its engagement as soon as the server has worked it in.',
      }),
  });
  const waiting = items.filter(({ state }) => state === 'waiting');
  const decided = items.filter(({ state }) => state !== 'waiting');
  const first = waiting[0];
  const take = (item: QuarantineItem) => accept.mutate({ seatId, quarantineId: item.quarantineId });
  const hasFirst = first !== undefined && !accept.isPending;
  useShortcut(
    { keys: ['A'], label: 'Accept the first one', group },
    () => first !== undefined && take(first),
    hasFirst,
  );
  useShortcut(
    { keys: ['D'], label: 'Decline the first one', group },
    () => first !== undefined && setDeclining(first),
    hasFirst,
  );

  return (
    <div className={styles.view}>
      <Link href="/review" className={styles.back}>
        <ArrowLeft aria-hidden /> Review
      </Link>
      <Title className={styles.title}>Sent after access ended</Title>
      {waiting.length === 0 ? (
        <EmptyState title="Nothing waits here" icon={<Inbox />}>
          When somebody whose access you ended had worked on without knowing it, their work comes
          here, and you decide.
        </EmptyState>
      ) : (
        <>
          <p className={styles.lead}>
            These people worked on before they could know that their access had ended. Nothing of it
            counts until you accept it; then it keeps the times at which it was made and received.
          </p>
          <Stack gap={2}>
            {waiting.map((item, index) => (
              <HeldWork
                key={item.quarantineId}
                item={item}
                isFirst={index === 0}
                isPending={accept.isPending}
                onAccept={() => take(item)}
                onDecline={() => setDeclining(item)}
              />
            ))}
          </Stack>
        </>
      )}
      {decided.length === 0 ? null : (
        <Section title="Decided">
          <ul className={styles.decided}>
            {decided.map((item) => (
              <li key={item.quarantineId}>
                <span>
                  {describeHeldWork(item)}: {item.state === 'accepted' ? 'accepted' : 'declined'}
                </span>
                <Muted>
                  {item.decidedByName ?? ''}
                  {item.decidedAt === null ? '' : `, ${formatDateTime(item.decidedAt)}`}
                  {item.decisionReason === null ? '' : `: ${item.decisionReason}`}
                </Muted>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {declining === null ? null : (
        <DeclineDialog seatId={seatId} item={declining} onClose={() => setDeclining(null)} />
      )}
    </div>
  );
}
