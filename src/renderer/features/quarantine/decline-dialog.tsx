import { useId, useState } from 'react';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { describeHeldWork, type QuarantineItem } from './quarantine-item.ts';
import styles from './quarantine.module.css';

export interface DeclineDialogProps {
  readonly seatId: string;
  readonly item: QuarantineItem;
  readonly onClose: () => void;
}

export function DeclineDialog({ seatId, item, onClose }: DeclineDialogProps) {
  const formId = useId();
  const [reason, setReason] = useState('');
  const decline = useAction('quarantine.decline', { isInline: true, onSuccess: onClose });
  const send = () => {
    if (reason.trim() !== '' && !decline.isPending)
      decline.mutate({ seatId, quarantineId: item.quarantineId, reason });
  };
  useShortcut({ keys: ['Mod', 'Enter'], label: 'Decline', group: 'Sent after access ended' }, send);
  const fieldError = decline.isError ? describeFieldError(decline.error, 'reason') : undefined;
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Decline this work?"
      size="small"
      isForm
      footer={
        <>
          <Button onPress={onClose}>Back</Button>
          <Button
            variant="danger"
            type="submit"
            form={formId}
            keys={['Mod', 'Enter']}
            isPending={decline.isPending}
            isDisabled={reason.trim() === ''}
          >
            Decline
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <p>
          {describeHeldWork(item)}. It stays out of the engagement. <bdi>{item.personName}</bdi>{' '}
          keeps it on their own computer and reads your reason.
        </p>
        <TextArea
          label="Reason"
          value={reason}
          onChange={setReason}
          isRequired
          error={fieldError}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the only field of a dialog that was just opened.
          autoFocus
        />
        {decline.isError && fieldError === undefined ? (
          <ErrorNotice error={decline.error} title="Not declined" />
        ) : null}
      </form>
    </Dialog>
  );
}
