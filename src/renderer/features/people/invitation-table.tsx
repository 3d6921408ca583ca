import { useMemo, useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { erasedName } from '../../../shared/domain/erasure.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { formatDateTime, formatRelative } from '../../format/date-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { Tone } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { useCopyText } from '../../ui/use-copy-text.tsx';
import { EraseInvitationDialog } from './erasure-dialogs.tsx';
import styles from './people.module.css';

type Invitation = RequestOutput<'people.list'>['invitations'][number];
interface Entry extends Invitation {
  readonly id: string;
}

const states: Readonly<Record<Invitation['state'], { label: string; tone: Tone }>> = {
  open: { label: 'Open', tone: 'accent' },
  accepted: { label: 'Accepted', tone: 'positive' },
  expired: { label: 'Expired', tone: 'warning' },
  withdrawn: { label: 'Withdrawn', tone: 'neutral' },
};

/** Nobody came by it, and nobody can any more. */
const isUnanswered = ({ state }: Invitation): boolean =>
  state === 'expired' || state === 'withdrawn';

export interface InvitationTableProps {
  readonly seatId: string;
  readonly invitations: readonly Invitation[];
  /** Engagements whose person seems to have another one of the same project. */
  readonly doubled: ReadonlySet<string>;
  /** Owners erase the names of those who never came. */
  readonly isOwner: boolean;
}

/** Every invitation that was made, what became of it, and what can still be done with it. */
export function InvitationTable({ seatId, invitations, doubled, isOwner }: InvitationTableProps) {
  const [toErase, setToErase] = useState<Entry | null>(null);
  const [toWithdraw, setToWithdraw] = useState<Entry | null>(null);
  const withdraw = useAction('people.withdrawInvitation', {
    failure: 'The invitation was not withdrawn',
    onSuccess: () => setToWithdraw(null),
  });
  const { copyText, fallback } = useCopyText();
  const entries = useMemo<Entry[]>(
    () => invitations.map((each) => ({ ...each, id: each.invitationId })),
    [invitations],
  );
  const columns = useMemo<DataColumn<Entry>[]>(
    () => [
      {
        id: 'name',
        label: 'Invited',
        isRowHeader: true,
        compare: (a, b) => a.invitedName.localeCompare(b.invitedName),
        render: (entry) => (
          <>
            {entry.invitedName}
            {entry.role === 'intern' ? null : <Muted> as {entry.role}</Muted>}
          </>
        ),
      },
      {
        id: 'state',
        label: 'State',
        compare: (a, b) => a.state.localeCompare(b.state),
        render: (entry) => (
          <span className={styles.badges}>
            <Badge tone={states[entry.state].tone}>{states[entry.state].label}</Badge>
            {entry.state === 'open' && doubled.has(entry.engagementId ?? '') ? (
              <Badge tone="warning">Twice on this project</Badge>
            ) : null}
            {entry.state === 'open' && !entry.isOnServer ? (
              <Muted>works once this computer is online</Muted>
            ) : null}
          </span>
        ),
      },
      {
        id: 'expires',
        label: 'Works until',
        compare: (a, b) => a.expiresAt.localeCompare(b.expiresAt),
        render: (entry) =>
          // A link that was used or withdrawn works no longer, whatever its date says.
          entry.state === 'open' || entry.state === 'expired' ? (
            <time dateTime={entry.expiresAt} title={formatRelative(entry.expiresAt)}>
              {formatDateTime(entry.expiresAt)}
            </time>
          ) : null,
      },
      {
        id: 'actions',
        label: 'Link',
        align: 'end',
        render: (entry) => {
          if (isOwner && isUnanswered(entry) && entry.invitedName !== erasedName)
            return (
              <Button size="small" variant="quiet" onPress={() => setToErase(entry)}>
                Erase data…
              </Button>
            );
          if (entry.state !== 'open') return null;
          const { link } = entry;
          return (
            <span className={styles.actions}>
              {link === null ? (
                <Muted>link on the computer that made it</Muted>
              ) : (
                <Button size="small" onPress={() => copyText(link, 'Link')}>
                  Copy link
                </Button>
              )}
              <Button size="small" variant="quiet" onPress={() => setToWithdraw(entry)}>
                Withdraw…
              </Button>
            </span>
          );
        },
      },
    ],
    [copyText, doubled, isOwner],
  );
  return (
    <>
      <DataTable label="Invitations" columns={columns} items={entries} />
      {fallback}
      {toErase === null ? null : (
        <EraseInvitationDialog
          seatId={seatId}
          invitationId={toErase.invitationId}
          name={toErase.invitedName}
          onClose={() => setToErase(null)}
        />
      )}
      <Dialog
        isOpen={toWithdraw !== null}
        onOpenChange={() => setToWithdraw(null)}
        title={`Withdraw the invitation of ${isolate(toWithdraw?.invitedName ?? '')}?`}
        size="small"
        isAlert
        footer={
          <>
            <Button onPress={() => setToWithdraw(null)}>Keep it</Button>
            <Button
              variant="danger"
              isDisabled={withdraw.isPending}
              onPress={() => {
                if (toWithdraw !== null)
                  withdraw.mutate({ seatId, invitationId: toWithdraw.invitationId });
              }}
            >
              Withdraw it
            </Button>
          </>
        }
      >
        <p>
          The link stops working
          {toWithdraw?.engagementId === null || toWithdraw === null
            ? '.'
            : ', and the engagement that was prepared ends.'}{' '}
          You can invite the same person again.
        </p>
      </Dialog>
    </>
  );
}
