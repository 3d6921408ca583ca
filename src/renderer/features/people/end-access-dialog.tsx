import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './people.module.css';

export interface EndAccessDialogProps {
  readonly seatId: string;
  readonly membershipId: string;
  readonly name: string;
  readonly isIntern: boolean;
  readonly onClose: () => void;
}

/** What ending a person's access means for both sides, before it is done. */
export function EndAccessDialog({
  seatId,
  membershipId,
  name,
  isIntern,
  onClose,
}: EndAccessDialogProps) {
  const remove = useAction('people.remove', {
    isInline: true,
    onSuccess: () => {
      onClose();
      showToast({ title: `${isolate(name)}’s access is ended` });
    },
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`End ${isolate(name)}’s access?`}
      size="small"
      isAlert
      footer={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button
            variant="danger"
            isPending={remove.isPending}
            onPress={() => remove.mutate({ seatId, membershipId })}
          >
            End access
          </Button>
        </>
      }
    >
      <ul className={styles.consequences}>
        <li>
          <bdi>{name}</bdi> stops seeing everything of your organization, on every device, as soon
          as that device is online.
        </li>
        {isIntern ? (
          <>
            <li>Engagements that are under way end. Completed ones stay completed.</li>
            <li>
              What was handed in and the hours worked stay with you. <bdi>{name}</bdi> keeps a copy
              of what was not sent.
            </li>
            <li>Work that arrives later waits in Review for you to accept or decline.</li>
          </>
        ) : (
          <li>
            Everything <bdi>{name}</bdi> has written, assigned and decided stays.
          </li>
        )}
        <li>A new invitation gives the access back.</li>
      </ul>
      {remove.isError ? <ErrorNotice error={remove.error} title="Access was not ended" /> : null}
    </Dialog>
  );
}
