import type { TimeChangeItem } from '../../../shared/contract/hours-requests.ts';
import { useAction } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/panes.tsx';
import { Row } from '../../ui/stack.tsx';
import { usePages } from '../../ui/use-pages.tsx';
import { describeTimeChange } from './describe-time-change.ts';
import styles from './timesheets.module.css';

const states: Record<TimeChangeItem['state'], string> = {
  waiting: 'Waiting',
  accepted: 'Accepted',
  declined: 'Declined',
  withdrawn: 'Taken back',
};

/** Why it was asked, or how a change came to be a request by itself. */
function describeReason({ cameLate, reason, change }: TimeChangeItem): string {
  if (!cameLate) return `: “${reason}”`;
  return change.kind === 'add'
    ? '. Recorded for days that are approved already.'
    : '. Made without a connection, before the approval was known.';
}

/** What was asked about approved time, and what came of it. */
export function TimeChanges({
  items,
  isIntern,
}: {
  readonly items: readonly TimeChangeItem[];
  readonly isIntern: boolean;
}) {
  const { shown, more } = usePages(items);
  if (items.length === 0) return null;
  return (
    <Section title="Changes of approved time">
      <ul className={styles.changes}>
        {shown.map((item) => (
          <li key={item.requestId}>
            <div className={styles.changeTitle}>
              <strong>{item.taskTitle}</strong>
              <Badge tone={item.state === 'waiting' ? 'accent' : 'neutral'}>
                {states[item.state]}
              </Badge>
            </div>
            <p>{describeTimeChange(item)}</p>
            <p className={styles.quiet}>
              <bdi>{item.internName}</bdi>, {formatDateTime(item.createdAt)}
              {describeReason(item)}
            </p>
            {item.decisionNote === null || item.decisionNote === '' ? null : (
              <p className={styles.quiet}>
                <bdi>{item.deciderName}</bdi>: “{item.decisionNote}”
              </p>
            )}
            {item.state === 'waiting' ? <Answer item={item} isIntern={isIntern} /> : null}
          </li>
        ))}
      </ul>
      {more}
    </Section>
  );
}

function Answer({
  item: { seatId, requestId },
  isIntern,
}: {
  readonly item: TimeChangeItem;
  readonly isIntern: boolean;
}) {
  const decide = useAction('timeChange.decide', { failure: 'Not answered; nothing was changed' });
  const withdraw = useAction('timeChange.withdraw', { failure: 'Not taken back' });
  if (isIntern)
    return (
      <Button
        size="small"
        isDisabled={withdraw.isPending}
        onPress={() => withdraw.mutate({ seatId, requestId })}
      >
        Take it back
      </Button>
    );
  return (
    <Row>
      <Button
        size="small"
        variant="primary"
        isDisabled={decide.isPending}
        onPress={() => decide.mutate({ seatId, requestId, decision: 'accepted' })}
      >
        Accept the change
      </Button>
      <Button
        size="small"
        isDisabled={decide.isPending}
        onPress={() => decide.mutate({ seatId, requestId, decision: 'declined' })}
      >
        Decline
      </Button>
    </Row>
  );
}
