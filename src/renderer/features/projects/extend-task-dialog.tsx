import { useState } from 'react';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { TextArea } from '../../ui/text-field.tsx';
import { computeExtraTime, ExtraTimeFields, isNoTime } from '../asked/extra-time-fields.tsx';
import { TaskFormDialog, type TaskDialogProps } from './task-dialog.tsx';

/** Extra time is added in wall time: one more day is the same hour a day later (SY-19). */
export function ExtendTaskDialog({ task, onClose }: TaskDialogProps) {
  const { seatId, taskId } = task.item;
  const [extra, setExtra] = useState({ days: 1, hours: 0 });
  const [reason, setReason] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const extend = useAction('task.extend', { isInline: true, onSuccess: onClose });
  const extension = computeExtraTime(extra);

  const submit = () => {
    setWasTried(true);
    if (!isNoTime(extension))
      extend.mutate({ seatId, taskId, ...extension, reason: reason.trim() });
  };

  return (
    <TaskFormDialog
      title="Give extra time"
      submitLabel="Give it"
      onSubmit={submit}
      onClose={onClose}
      isSaving={extend.isPending}
      error={extend.error}
      size="small"
    >
      <ExtraTimeFields
        task={task}
        isIntern={false}
        value={extra}
        onChange={setExtra}
        wasTried={wasTried}
        error={extend.error}
      />
      <TextArea
        label="Why"
        isOptional
        value={reason}
        onChange={setReason}
        rows={2}
        maxLength={2000}
        error={describeFieldError(extend.error, 'reason')}
      />
    </TaskFormDialog>
  );
}
