import { useState } from 'react';
import { TaskField, type ChosenTask } from '../features/hours/task-field.tsx';
import { useAction } from '../client/use-request.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Stack } from '../ui/stack.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useShortcut } from './shortcuts.ts';
import type { TimerControl } from './use-timer.ts';

const longestNote = 2000;

export interface StartTimerDialogProps {
  readonly timer: TimerControl;
  readonly scopeSeatId: string | undefined;
  readonly onClose: () => void;
}

/** The timer on any task, with what one is about to do; where it runs, it moves over and the time so far is recorded. */
export function StartTimerDialog({ timer, scopeSeatId, onClose }: StartTimerDialogProps) {
  const { running, last } = timer;
  const [task, setTask] = useState<ChosenTask | null>(
    last === undefined ? null : { seatId: last.seatId, taskId: last.taskId, title: last.taskTitle },
  );
  const [note, setNote] = useState(running?.note ?? '');
  const [wasTried, setWasTried] = useState(false);
  const start = useAction('timer.start', { isInline: true, onSuccess: onClose });
  const change = useAction('timer.setNote', { isInline: true, onSuccess: onClose });
  const isRunningHere = running !== null && running.taskId === task?.taskId;
  const save = () => {
    setWasTried(true);
    if (task === null || start.isPending || change.isPending) return;
    if (isRunningHere) change.mutate({ note: note.trim() });
    else start.mutate({ seatId: task.seatId, taskId: task.taskId, note: note.trim() });
  };
  useShortcut({ keys: ['Mod', 'Enter'], label: 'Start the timer', group: 'Timer' }, save);
  const error = start.error ?? change.error;
  return (
    <Dialog
      isOpen
      isForm
      size="small"
      onOpenChange={onClose}
      title={running === null ? 'Start the timer' : 'The timer is running'}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" keys={['Mod', 'Enter']} onPress={save}>
            {running === null ? 'Start' : isRunningHere ? 'Keep the note' : 'Move it here'}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Stack gap={2}>
          <TextField
            label="Note"
            isOptional
            description="What you are about to do. The employer reads it with the time."
            value={note}
            onChange={(text) => setNote(text.slice(0, longestNote))}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- typing the note is what the key was pressed for.
            autoFocus
          />
          <TaskField
            label="Task"
            among={scopeSeatId === undefined ? {} : { seatId: scopeSeatId }}
            value={task}
            onChange={setTask}
            {...(wasTried && task === null ? { error: 'Choose what you work on.' } : {})}
          />
          {error === null ? null : <ErrorNotice error={error} title="The timer is as it was" />}
        </Stack>
      </form>
    </Dialog>
  );
}
