import type { ReactNode } from 'react';
import { isolate } from '../../../shared/domain/isolate.ts';
import type { RequestError } from '../../client/carrier.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './people.module.css';

interface ErasureProps {
  readonly name: string;
  readonly isPending: boolean;
  readonly error: RequestError | null;
  readonly onErase: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What goes and what stays when somebody's data are erased, before it is done: it cannot be undone. */
function ErasureDialog({ name, isPending, error, onErase, onClose, children }: ErasureProps) {
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`Erase the data of ${isolate(name)}?`}
      size="small"
      isAlert
      footer={
        <>
          <Button onPress={onClose}>Keep them</Button>
          <Button variant="danger" isPending={isPending} onPress={onErase}>
            Erase data
          </Button>
        </>
      }
    >
      {children}
      {error === null ? null : <ErrorNotice error={error} title="Nothing was erased" />}
    </Dialog>
  );
}

function createErasureOptions(onClose: () => void) {
  return {
    isInline: true,
    onSuccess: () => {
      onClose();
      showToast({ title: 'The person’s data are erased' });
    },
  };
}

export interface ErasePersonDialogProps {
  readonly seatId: string;
  readonly membershipId: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Of somebody who is or was a member. */
export function ErasePersonDialog({ seatId, membershipId, name, onClose }: ErasePersonDialogProps) {
  const erase = useAction('people.erase', createErasureOptions(onClose));
  return (
    <ErasureDialog
      name={name}
      isPending={erase.isPending}
      error={erase.error}
      onErase={() => erase.mutate({ seatId, membershipId })}
      onClose={onClose}
    >
      <ul className={styles.consequences}>
        <li>
          Name, e-mail and time zone go, here and on the server: in the list of people, in
          engagements and invitations, in the history. Drafts that were never handed in go as well.
        </li>
        <li>
          Submissions, files, receipts, reviews, hours and the agreed terms stay, under the name
          “Erased person”: they prove what was agreed, delivered and owed.
        </li>
        <li>Bundles and backups that were made before still hold the name.</li>
        <li>This cannot be undone.</li>
      </ul>
    </ErasureDialog>
  );
}

export interface EraseInvitationDialogProps {
  readonly seatId: string;
  readonly invitationId: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Of somebody who was invited and never came. */
export function EraseInvitationDialog({
  seatId,
  invitationId,
  name,
  onClose,
}: EraseInvitationDialogProps) {
  const erase = useAction('people.eraseInvitation', createErasureOptions(onClose));
  return (
    <ErasureDialog
      name={name}
      isPending={erase.isPending}
      error={erase.error}
      onErase={() => erase.mutate({ seatId, invitationId })}
      onClose={onClose}
    >
      <p>
        Name and e-mail go from this invitation, from what was prepared with it and from the
        history, here and on the server. Backups that were made before still hold them. This cannot
        be undone.
      </p>
    </ErasureDialog>
  );
}
