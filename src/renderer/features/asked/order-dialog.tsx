import { useMemo, useState } from 'react';
import { computeMoves } from '../../../shared/domain/task-positions.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted } from '../../ui/stack.tsx';
import { TaskFormDialog, type TaskDialogProps } from '../projects/task-dialog.tsx';
import { OrderList } from './order-list.tsx';
import styles from './task-order.module.css';

interface OrderedTask {
  readonly taskId: string;
  readonly title: string;
}

/** The order of an engagement's tasks, and which of them come before this one. */
export function OrderDialog({ task, onClose }: TaskDialogProps) {
  const { seatId, engagementId } = task.item;
  const list = useRequest('tasks.inOrder', { seatId, engagementId });
  if (list.isError) return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  return list.data === undefined ? (
    <Skeleton lines={4} label="Looking at the tasks" />
  ) : (
    <LoadedOrder task={task} tasks={list.data.tasks} onClose={onClose} />
  );
}

function LoadedOrder({
  task,
  tasks,
  onClose,
}: TaskDialogProps & { readonly tasks: readonly OrderedTask[] }) {
  const { seatId, taskId, engagementId, internName, dependsOn } = task.item;
  // What was moved is told from how they stood when this was opened, whatever comes meanwhile.
  const [opened] = useState(() => tasks.map((each) => each.taskId));
  const [ids, setIds] = useState<readonly string[]>(opened);
  const [before, setBefore] = useState<ReadonlySet<string>>(() => new Set(dependsOn));
  const order = useAction('task.order', { isInline: true });
  const depend = useAction('task.setDependencies', { isInline: true });
  const titles = useMemo(() => new Map(tasks.map((each) => [each.taskId, each.title])), [tasks]);
  const items = useMemo(
    () => ids.map((id) => ({ id, title: titles.get(id) ?? '' })),
    [ids, titles],
  );
  const isOtherwise =
    before.size !== dependsOn.length || dependsOn.some((known) => !before.has(known));

  const save = async () => {
    const moves = computeMoves(opened, ids);
    if (moves.length > 0) await order.mutateAsync({ seatId, engagementId, moves: [...moves] });
    if (isOtherwise) await depend.mutateAsync({ seatId, taskId, dependsOn: [...before] });
    onClose();
  };

  return (
    <TaskFormDialog
      title="Order of the tasks"
      submitLabel="Keep this order"
      onSubmit={() => {
        // What went wrong is shown in the dialog.
        save().catch(() => {});
      }}
      onClose={onClose}
      isSaving={order.isPending || depend.isPending}
      error={order.error ?? depend.error}
    >
      <Muted>
        Hold a task by its handle to move it, type the number of its new place, or press Alt with an
        arrow key. Tick what has to be accepted before “{task.item.title}” makes sense. {internName}{' '}
        sees it, and can work on any of them all the same.
      </Muted>
      <OrderList
        label="Tasks in order"
        items={items}
        firstId={taskId}
        renderItem={({ id, title }) =>
          id === taskId ? (
            <span className={styles.own}>{title} (this one)</span>
          ) : (
            <Checkbox
              isSelected={before.has(id)}
              onChange={(isBefore) => {
                const next = new Set(before);
                if (isBefore) next.add(id);
                else next.delete(id);
                setBefore(next);
              }}
            >
              {title}
            </Checkbox>
          )
        }
        onMove={(id, to) =>
          setIds((known) => known.filter((each) => each !== id).toSpliced(to, 0, id))
        }
      />
    </TaskFormDialog>
  );
}
