import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';

export interface AcceptOlderDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onAccept: () => void;
  readonly isSending: boolean;
  readonly error: unknown;
  readonly revision: number;
  readonly newestRevision: number;
}

/** The one acceptance that needs to be confirmed. */
export function AcceptOlderDialog({
  isOpen,
  onClose,
  onAccept,
  isSending,
  error,
  revision,
  newestRevision,
}: AcceptOlderDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={`Accept revision ${revision}, not the newest?`}
      size="small"
      isAlert
      footer={
        <>
          <Button onPress={onClose}>Look again</Button>
          <Button variant="primary" isDisabled={isSending} onPress={onAccept}>
            Accept revision {revision}
          </Button>
        </>
      }
    >
      <p>
        {newestRevision > revision
          ? `Revision ${newestRevision} came after it. `
          : 'A newer revision has come in the meantime. '}
        Accepting this one accepts the task as it was handed in then. It cannot be taken back.
      </p>
      {error === null ? null : <ErrorNotice error={error} title="Not sent" />}
    </Dialog>
  );
}
