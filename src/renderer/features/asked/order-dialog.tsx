import { useMemo, useRef, useState } from 'react';
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
  const list = useRequest('tasks.inOrder', { seatId, engagementId }, { isAskedAnew: true });
  // Once it is open, what was moved there stays.
  if (list.isLoadingError)
    return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
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
  const [opened, setOpened] = useState<readonly string[]>(() => tasks.map((each) => each.taskId));
  const [ids, setIds] = useState(opened);
  const idsNow = useRef(ids);
  const [dependedOn] = useState(dependsOn);
  const [before, setBefore] = useState<ReadonlySet<string>>(() => new Set(dependsOn));
  const order = useAction('task.order', { isInline: true });
  const depend = useAction('task.setDependencies', { isInline: true });
  const titles = useMemo(() => new Map(tasks.map((each) => [each.taskId, each.title])), [tasks]);
  const items = useMemo(
    () => ids.map((id) => ({ id, title: titles.get(id) ?? '' })),
    [ids, titles],
  );
  const move = (id: string, to: number) => {
    idsNow.current = idsNow.current.filter((each) => each !== id).toSpliced(to, 0, id);
    setIds(idsNow.current);
  };

  const save = async () => {
    // A place that is still being typed is taken over when its field is left; the keys leave it where it is.
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    const wanted = idsNow.current;
    const moves = computeMoves(opened, wanted);
    if (moves.length > 0) {
      await order.mutateAsync({ seatId, engagementId, moves: [...moves] });
      // The rest may be refused: what is moved then is moved from here.
      setOpened(wanted);
    }
    const added = [...before].filter((id) => !dependedOn.includes(id));
    const removed = dependedOn.filter((id) => !before.has(id));
    if (added.length > 0 || removed.length > 0)
      await depend.mutateAsync({ seatId, taskId, added, removed });
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
        arrow key. Tick what has to be accepted before “<bdi>{task.item.title}</bdi>” makes sense.{' '}
        <bdi>{internName}</bdi> sees it, and can work on any of them all the same.
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
        onMove={move}
      />
    </TaskFormDialog>
  );
}
