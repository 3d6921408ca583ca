import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { showToast } from '../../ui/toast.tsx';

export interface EraseInvitationDialogProps {
  readonly seatId: string;
  readonly invitationId: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** What goes when the data of somebody who never came are erased, before it is done: it cannot be undone. */
export function EraseInvitationDialog({
  seatId,
  invitationId,
  name,
  onClose,
}: EraseInvitationDialogProps) {
  const erase = useAction('people.eraseInvitation', {
    isInline: true,
    onSuccess: () => {
      onClose();
      showToast({ title: 'The person’s data are erased' });
    },
  });
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
          <Button
            variant="danger"
            isPending={erase.isPending}
            onPress={() => erase.mutate({ seatId, invitationId })}
          >
            Erase data
          </Button>
        </>
      }
    >
      <p>
        Name and e-mail go from this invitation, from the engagement that was prepared and from the
        history, here and on the server. Backups that were made before still hold them. This cannot
        be undone.
      </p>
      {erase.isError ? <ErrorNotice error={erase.error} title="Nothing was erased" /> : null}
    </Dialog>
  );
}
