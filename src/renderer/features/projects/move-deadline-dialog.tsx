import { useState } from 'react';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { DualTime } from '../../ui/dual-time.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { computeEditedDeadline, DeadlineFields, findDeadline } from './deadline-fields.tsx';
import { TaskFormDialog, type TaskDialogProps } from './task-dialog.tsx';

export function MoveDeadlineDialog({ task, onClose }: TaskDialogProps) {
  const { seatId, taskId, engagementId, due, internName } = task.item;
  const [deadline, setDeadline] = useState(() => computeEditedDeadline(due));
  const [wasTried, setWasTried] = useState(false);
  const engagement = useRequest('engagement.get', { seatId, engagementId }).data?.engagement;
  const move = useAction('task.moveDeadline', { isInline: true, onSuccess: onClose });
  const found = findDeadline(deadline);

  const submit = () => {
    setWasTried(true);
    if (found !== undefined) move.mutate({ seatId, taskId, deadline: found });
  };

  return (
    <TaskFormDialog
      title="Move the deadline"
      submitLabel="Move it"
      onSubmit={submit}
      onClose={onClose}
      isSaving={move.isPending}
      error={move.error}
    >
      <p>
        It is due <DualTime instant={due.instant} zone={due.zone} />.
      </p>
      {due.isExtended ? (
        <Notice tone="warning" title="Extra time was given on this task">
          It is part of the time above, and it will be added to the day you choose here as well.
        </Notice>
      ) : null}
      <DeadlineFields
        value={deadline}
        onChange={setDeadline}
        intern={engagement?.intern ?? { name: internName, timeZone: null }}
        error={
          wasTried && found === undefined
            ? 'Choose a day and a time.'
            : describeFieldError(move.error, 'deadline')
        }
      />
      <Muted>
        If {internName} is offline and hands in before hearing of an earlier deadline, the one that
        could be seen counts.
      </Muted>
    </TaskFormDialog>
  );
}
