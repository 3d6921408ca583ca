import { useState } from 'react';
import {
  CalendarClock,
  CalendarPlus,
  Ellipsis,
  ListOrdered,
  FileText,
  Paperclip,
  Pencil,
  Trash2,
} from 'lucide-react';

import { useShortcut } from '../../frame/shortcuts.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Row } from '../../ui/stack.tsx';
import { OrderDialog } from '../asked/order-dialog.tsx';
import { CancelTaskDialog } from './cancel-task-dialog.tsx';
import { EditTaskDialog } from './edit-task-dialog.tsx';
import { ExtendTaskDialog } from './extend-task-dialog.tsx';
import { MoveDeadlineDialog } from './move-deadline-dialog.tsx';
import { ReferenceFilesDialog } from './reference-files-dialog.tsx';
import { ReviseBriefDialog } from './revise-brief-dialog.tsx';
import type { TaskDetails } from './task-dialog.tsx';

export interface TaskActionsProps {
  readonly task: TaskDetails;
}

type Choice = 'edit' | 'files' | 'revise' | 'move' | 'extend' | 'order' | 'cancel';

/** What an employer can do with a task that was assigned. For the head of the task's page. */
export function TaskActions({ task }: TaskActionsProps) {
  const [choice, setChoice] = useState<Choice | null>(null);
  const close = () => setChoice(null);
  const { state } = task.item;
  const isOver = state === 'accepted' || state === 'cancelled';
  useShortcut(
    { keys: ['E'], label: 'Change the brief', group: 'Task' },
    () => setChoice('revise'),
    !isOver,
  );
  useShortcut(
    { keys: ['X'], label: 'Give extra time', group: 'Task' },
    () => setChoice('extend'),
    !isOver,
  );

  return (
    <>
      <Row>
        {isOver ? null : (
          <>
            <Button icon={<FileText />} keys={['E']} onPress={() => setChoice('revise')}>
              Change the brief
            </Button>
            <Button icon={<CalendarPlus />} keys={['X']} onPress={() => setChoice('extend')}>
              Give extra time
            </Button>
          </>
        )}
        <Menu
          label="Task"
          placement="bottom end"
          trigger={<IconButton label="More for this task" icon={<Ellipsis />} />}
          items={[
            {
              id: 'edit',
              label: 'Edit title and estimate…',
              icon: <Pencil />,
              onAction: () => setChoice('edit'),
            },
            {
              id: 'files',
              label: 'Reference files…',
              icon: <Paperclip />,
              onAction: () => setChoice('files'),
            },
            {
              id: 'move',
              label: 'Move the deadline…',
              icon: <CalendarClock />,
              isDisabled: isOver,
              onAction: () => setChoice('move'),
            },
            {
              id: 'order',
              label: 'Order of the tasks…',
              icon: <ListOrdered />,
              onAction: () => setChoice('order'),
            },
            {
              id: 'cancel',
              label: 'Cancel the task…',
              icon: <Trash2 />,
              isDanger: true,
              isDisabled: isOver,
              onAction: () => setChoice('cancel'),
            },
          ]}
        />
      </Row>
      {choice === 'edit' ? <EditTaskDialog task={task} onClose={close} /> : null}
      {choice === 'files' ? <ReferenceFilesDialog task={task} onClose={close} /> : null}
      {choice === 'revise' ? <ReviseBriefDialog task={task} onClose={close} /> : null}
      {choice === 'move' ? <MoveDeadlineDialog task={task} onClose={close} /> : null}
      {choice === 'extend' ? <ExtendTaskDialog task={task} onClose={close} /> : null}
      {choice === 'order' ? <OrderDialog task={task} onClose={close} /> : null}
      {choice === 'cancel' ? <CancelTaskDialog task={task} onClose={close} /> : null}
    </>
  );
}
