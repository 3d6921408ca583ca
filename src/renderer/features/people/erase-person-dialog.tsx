import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './people.module.css';

export interface ErasePersonDialogProps {
  readonly seatId: string;
  readonly membershipId: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** What goes and what stays when a person's data are erased, before it is done: it cannot be undone. */
export function ErasePersonDialog({ seatId, membershipId, name, onClose }: ErasePersonDialogProps) {
  const erase = useAction('people.erase', {
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
            onPress={() => erase.mutate({ seatId, membershipId })}
          >
            Erase data
          </Button>
        </>
      }
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
      {erase.isError ? <ErrorNotice error={erase.error} title="Nothing was erased" /> : null}
    </Dialog>
  );
}
