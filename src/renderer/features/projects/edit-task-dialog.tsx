import { useState } from 'react';
import { isolate } from '../../../shared/domain/isolate.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { HoursField } from '../../ui/hours-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ChangedMeanwhile } from './changed-meanwhile.tsx';
import { describeMinutes } from './describe-project.ts';
import { TaskFormDialog, type TaskDialogProps } from './task-dialog.tsx';

export function EditTaskDialog({ task, onClose }: TaskDialogProps) {
  const { seatId, taskId } = task.item;
  // As it was opened: what another manager changes meanwhile is no change of this one's.
  const [seen] = useState({ title: task.item.title, estimateMinutes: task.item.estimateMinutes });
  const [title, setTitle] = useState(seen.title);
  const [hours, setHours] = useState(
    seen.estimateMinutes === null ? Number.NaN : seen.estimateMinutes / 60,
  );
  // The number itself is known when it is finished; that somebody writes one is known before.
  const [isTypingHours, setIsTypingHours] = useState(false);
  const [wasTried, setWasTried] = useState(false);
  const edit = useAction('task.edit', { isInline: true, onSuccess: onClose });

  const estimateMinutes = Number.isNaN(hours) ? null : Math.max(1, Math.round(hours * 60));
  const patch = {
    ...(title.trim() === seen.title ? {} : { title: title.trim() }),
    ...(estimateMinutes === seen.estimateMinutes ? {} : { estimateMinutes }),
  };
  const submit = () => {
    setWasTried(true);
    if (title.trim() === '') return;
    if (Object.keys(patch).length === 0) onClose();
    else edit.mutate({ seatId, taskId, patch, seen });
  };
  const meanwhile = [
    ...(task.item.title === seen.title
      ? []
      : [
          {
            field: 'Title',
            now: `“${isolate(task.item.title)}”`,
            isReplaced: patch.title !== undefined,
          },
        ]),
    ...(task.item.estimateMinutes === seen.estimateMinutes
      ? []
      : [
          {
            field: 'Estimate',
            now:
              task.item.estimateMinutes === null
                ? 'none'
                : describeMinutes(task.item.estimateMinutes),
            isReplaced: isTypingHours || patch.estimateMinutes !== undefined,
          },
        ]),
  ];

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
      <ChangedMeanwhile changes={meanwhile} />
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
        onType={() => setIsTypingHours(true)}
        onBlur={() => setIsTypingHours(false)}
        unit="hours"
        error={describeFieldError(edit.error, 'patch.estimateMinutes')}
      />
    </TaskFormDialog>
  );
}
