import { useState } from 'react';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDuration } from '../../format/duration.ts';
import { DualTime } from '../../ui/dual-time.tsx';
import { Muted } from '../../ui/stack.tsx';
import {
  computeEditedDeadline,
  computeWallMinutesBetween,
  DeadlineFields,
  findDeadline,
} from './deadline-fields.tsx';
import { TaskFormDialog, type TaskDialogProps } from './task-dialog.tsx';

export function MoveDeadlineDialog({ task, onClose }: TaskDialogProps) {
  const { seatId, taskId, engagementId, due, internName } = task.item;
  const [deadline, setDeadline] = useState(() =>
    computeEditedDeadline({ wall: due.baseWall, zone: due.zone }),
  );
  const [wasTried, setWasTried] = useState(false);
  const engagement = useRequest('engagement.get', { seatId, engagementId }).data?.engagement;
  const move = useAction('task.moveDeadline', { isInline: true, onSuccess: onClose });
  const found = findDeadline(deadline);
  const extraMinutes = computeWallMinutesBetween(due.baseWall, due.wall);

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
        It is due <DualTime instant={due.instant} zone={due.zone} />
        {due.isExtended
          ? `. ${formatDuration(extraMinutes * 60_000)} of extra time is part of that, and stays on top of what you choose here.`
          : '.'}
      </p>
      <DeadlineFields
        value={deadline}
        onChange={setDeadline}
        extraMinutes={extraMinutes}
        intern={engagement?.intern ?? { name: internName, timeZone: null }}
        error={
          wasTried && found === undefined
            ? 'Choose a day and a time.'
            : describeFieldError(move.error, 'deadline')
        }
      />
      <Muted>
        If <bdi>{internName}</bdi> is offline and hands in before hearing of an earlier deadline,
        the one that could be seen counts.
      </Muted>
    </TaskFormDialog>
  );
}
