import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import type { TaskDialogProps } from './task-dialog.tsx';

export function CancelTaskDialog({ task, onClose }: TaskDialogProps) {
  const { seatId, taskId, title, internName } = task.item;
  const cancel = useAction('task.cancel', { isInline: true, onSuccess: onClose });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`Cancel “${isolate(title)}”?`}
      size="small"
      isAlert
      footer={
        <>
          <Button onPress={onClose}>Keep the task</Button>
          <Button
            variant="danger"
            isDisabled={cancel.isPending}
            onPress={() => cancel.mutate({ seatId, taskId })}
          >
            Cancel the task
          </Button>
        </>
      }
    >
      <p>
        <bdi>{internName}</bdi> is told to stop. The hours worked stay, and whatever is handed in
        before they hear of it still arrives. It cannot be taken back.
      </p>
      {cancel.isError ? <ErrorNotice error={cancel.error} title="Not cancelled" /> : null}
    </Dialog>
  );
}
