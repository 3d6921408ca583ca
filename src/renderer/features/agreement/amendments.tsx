import { useState } from 'react';
import type { Amendment } from '../../../shared/contract/agreement-requests.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Mark } from '../../ui/mark.tsx';
import { toMarkState } from '../../ui/mark-of.ts';
import { Section } from '../../ui/panes.tsx';
import { Muted, Row } from '../../ui/stack.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { TaskFormDialog } from '../projects/task-dialog.tsx';
import { amendmentStates, describeChanges } from './describe-changes.ts';
import styles from './amendments.module.css';

export interface AmendmentsProps {
  readonly seatId: string;
  readonly engagementId: string;
  /** Undefined where nothing can be proposed any more. */
  readonly onPropose: (() => void) | undefined;
}

/** What was proposed to change in an engagement, open ones first, with what this side can do about each. */
export function Amendments({ seatId, engagementId, onPropose }: AmendmentsProps) {
  const list = useRequest('amendment.list', { seatId, engagementId });
  const [declining, setDeclining] = useState<Amendment | null>(null);
  if (list.isError) return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  const items = list.data ?? [];
  if (items.length === 0 && onPropose === undefined) return null;
  return (
    <Section
      title="Changes to what was agreed"
      actions={
        onPropose === undefined ? undefined : (
          <Button size="small" onPress={onPropose}>
            Propose a change…
          </Button>
        )
      }
    >
      {items.length === 0 ? (
        <Muted>
          None. More hours, other dates, another sum: one side proposes, the other confirms.
        </Muted>
      ) : (
        <ul className={styles.list}>
          {items.map((amendment) => (
            <AmendmentItem
              key={amendment.amendmentId}
              amendment={amendment}
              onDecline={() => setDeclining(amendment)}
            />
          ))}
        </ul>
      )}
      {declining === null ? null : (
        <DeclineAmendmentDialog amendment={declining} onClose={() => setDeclining(null)} />
      )}
    </Section>
  );
}

export interface AmendmentItemProps {
  readonly amendment: Amendment;
  readonly onDecline: () => void;
}

export function AmendmentItem({ amendment, onDecline }: AmendmentItemProps) {
  const { seatId, amendmentId, state, isOwnSide, outdatedFields } = amendment;
  const confirm = useAction('amendment.confirm', { failure: 'Not confirmed' });
  const withdraw = useAction('amendment.withdraw', { failure: 'Not taken back' });
  const isOpen = state === 'proposed';
  const isOutdated = outdatedFields.length > 0;
  return (
    <li className={styles.item} data-open={isOpen}>
      <div className={styles.head}>
        <span>
          <strong>
            <bdi>{amendment.proposedByName}</bdi>
          </strong>{' '}
          proposed
          {amendment.taskTitle === null ? '' : ` on “${isolate(amendment.taskTitle)}”`}
          <Muted>, {formatDateTime(amendment.createdAt)}</Muted>
        </span>
        <span className={styles.signs}>
          <Badge tone={amendmentStates[state].tone}>{amendmentStates[state].label}</Badge>
          <Mark state={toMarkState(amendment.mark)} />
        </span>
      </div>
      <p className={styles.reason}>{amendment.reason}</p>
      <dl className={styles.changes}>
        {describeChanges(amendment.changes).map(({ field, term, from, to, difference }) => (
          <div key={field}>
            <dt>{term}</dt>
            <dd>
              <del>{from}</del>
              <ins>{to}</ins>
              {difference === null ? null : <Muted>{difference}</Muted>}
            </dd>
          </div>
        ))}
      </dl>
      {state === 'declined' && amendment.decisionReason !== null ? (
        <p className={styles.reason}>
          <Muted>
            <bdi>{amendment.decidedByName}</bdi> declined:
          </Muted>{' '}
          {amendment.decisionReason}
        </p>
      ) : null}
      {state === 'confirmed' && amendment.decidedAt !== null ? (
        <Muted>
          <bdi>{amendment.decidedByName}</bdi> confirmed it, {formatDateTime(amendment.decidedAt)}
        </Muted>
      ) : null}
      {isOpen && isOutdated ? (
        <Muted>
          Something else was agreed since. It has to be proposed again from what holds now.
        </Muted>
      ) : null}
      {!isOpen ? null : isOwnSide ? (
        <Row>
          <Muted>Waiting for the other side.</Muted>
          <Button
            size="small"
            variant="quiet"
            isDisabled={withdraw.isPending}
            onPress={() => withdraw.mutate({ seatId, amendmentId })}
          >
            Take it back
          </Button>
        </Row>
      ) : (
        <Row>
          <Button
            size="small"
            variant="primary"
            isDisabled={confirm.isPending || isOutdated}
            onPress={() => confirm.mutate({ seatId, amendmentId })}
          >
            Confirm
          </Button>
          <Button size="small" onPress={onDecline}>
            Decline…
          </Button>
        </Row>
      )}
    </li>
  );
}

export function DeclineAmendmentDialog({
  amendment,
  onClose,
}: {
  readonly amendment: Amendment;
  readonly onClose: () => void;
}) {
  const { seatId, amendmentId, proposedByName } = amendment;
  const [reason, setReason] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const decline = useAction('amendment.decline', { isInline: true, onSuccess: onClose });
  return (
    <TaskFormDialog
      title="Decline this change?"
      submitLabel="Decline it"
      leaveLabel="Back"
      size="small"
      onClose={onClose}
      isSaving={decline.isPending}
      error={decline.error}
      onSubmit={() => {
        setWasTried(true);
        if (reason.trim() !== '') decline.mutate({ seatId, amendmentId, reason: reason.trim() });
      }}
    >
      <TextArea
        label={`Why? ${isolate(proposedByName)} reads it.`}
        value={reason}
        onChange={setReason}
        rows={3}
        maxLength={2000}
        error={
          wasTried && reason.trim() === ''
            ? 'Say why, so that they know what would do.'
            : describeFieldError(decline.error, 'reason')
        }
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
        autoFocus
      />
    </TaskFormDialog>
  );
}
