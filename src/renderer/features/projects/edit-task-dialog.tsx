import { useState } from 'react';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { HoursField } from '../../ui/hours-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { TaskFormDialog, type TaskDialogProps } from './task-dialog.tsx';

export function EditTaskDialog({ task, onClose }: TaskDialogProps) {
  const { seatId, taskId } = task.item;
  const [title, setTitle] = useState(task.item.title);
  const [hours, setHours] = useState(
    task.item.estimateMinutes === null ? Number.NaN : task.item.estimateMinutes / 60,
  );
  const [wasTried, setWasTried] = useState(false);
  const edit = useAction('task.edit', { isInline: true, onSuccess: onClose });

  const submit = () => {
    setWasTried(true);
    if (title.trim() === '') return;
    const estimateMinutes = Number.isNaN(hours) ? null : Math.max(1, Math.round(hours * 60));
    const patch = {
      ...(title.trim() === task.item.title ? {} : { title: title.trim() }),
      ...(estimateMinutes === task.item.estimateMinutes ? {} : { estimateMinutes }),
    };
    if (Object.keys(patch).length === 0) onClose();
    else edit.mutate({ seatId, taskId, patch });
  };

  return (
    <TaskFormDialog
      title="Edit the task"
      submitLabel="Save"
      onSubmit={submit}
      onClose={onClose}
      isSaving={edit.isPending}
      error={edit.error}
      size="small"
    >
      <TextField
        label="Title"
        value={title}
        onChange={setTitle}
        maxLength={200}
        error={
          wasTried && title.trim() === ''
            ? 'Give the task a title.'
            : describeFieldError(edit.error, 'patch.title')
        }
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
        autoFocus
      />
      <HoursField
        label="Estimate"
        isOptional
        value={hours}
        onChange={setHours}
        unit="hours"
        error={describeFieldError(edit.error, 'patch.estimateMinutes')}
      />
    </TaskFormDialog>
  );
}
