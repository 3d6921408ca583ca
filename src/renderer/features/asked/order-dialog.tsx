import { useState } from 'react';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { TaskItem } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';
import { formatCount } from '../../format/numbers.ts';
import { IconButton } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { usePages } from '../../ui/use-pages.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted } from '../../ui/stack.tsx';
import { TaskFormDialog, type TaskDialogProps } from '../projects/task-dialog.tsx';
import { computeOrderToSend, mostOrdered } from './order-to-send.ts';
import { useEngagementTasks } from './task-order.tsx';
import styles from './task-order.module.css';

/** The order of an engagement's tasks, and which of them come before this one. */
export function OrderDialog({ task, onClose }: TaskDialogProps) {
  const tasks = useEngagementTasks(task.item);
  return tasks.length === 0 ? (
    <Skeleton lines={4} label="Looking at the tasks" />
  ) : (
    <LoadedOrder task={task} tasks={tasks} onClose={onClose} />
  );
}

/** So many after the task itself are drawn with it. */
const roundIt = 10;

/** The ids with the one at `index` a place earlier or later. */
function moveId(ids: readonly string[], index: number, by: -1 | 1): readonly string[] {
  const moved = ids[index];
  if (moved === undefined) return ids;
  return ids.toSpliced(index, 1).toSpliced(index + by, 0, moved);
}

function LoadedOrder({
  task,
  tasks,
  onClose,
}: TaskDialogProps & { readonly tasks: readonly TaskItem[] }) {
  const { seatId, taskId, engagementId, internName, dependsOn } = task.item;
  const [ids, setIds] = useState<readonly string[]>(() => tasks.map((each) => each.taskId));
  const [before, setBefore] = useState<ReadonlySet<string>>(() => new Set(dependsOn));
  const order = useAction('task.order', { isInline: true });
  const depend = useAction('task.setDependencies', { isInline: true });
  const byId = new Map(tasks.map((each) => [each.taskId, each]));
  const toSend = computeOrderToSend(
    tasks.map((each) => each.taskId),
    ids,
  );
  // The task itself is among those that are drawn first.
  const { shown, more } = usePages(ids, { least: ids.indexOf(taskId) + roundIt });
  const isOtherwise =
    before.size !== dependsOn.length || dependsOn.some((known) => !before.has(known));

  const save = async () => {
    if (toSend.length > 0) await order.mutateAsync({ seatId, engagementId, taskIds: [...toSend] });
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
        Tick what has to be accepted before “{task.item.title}” makes sense. {internName} sees it,
        and can work on any of them all the same.
      </Muted>
      <ol className={styles.steps}>
        {shown.map((id, index) => {
          const each = byId.get(id);
          if (each === undefined) return null;
          return (
            <li key={id} className={styles.step}>
              <span className={styles.number}>{index + 1}.</span>
              {id === taskId ? (
                <span className={styles.own}>{each.title} (this one)</span>
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
                  {each.title}
                </Checkbox>
              )}
              <IconButton
                label={`Earlier: ${each.title}`}
                icon={<ArrowUp />}
                size="small"
                isDisabled={index === 0 || index >= mostOrdered}
                onPress={() => setIds(moveId(ids, index, -1))}
              />
              <IconButton
                label={`Later: ${each.title}`}
                icon={<ArrowDown />}
                size="small"
                isDisabled={index === ids.length - 1 || index >= mostOrdered - 1}
                onPress={() => setIds(moveId(ids, index, 1))}
              />
            </li>
          );
        })}
      </ol>
      {more}
      {ids.length > mostOrdered ? (
        <Muted>The first {formatCount(mostOrdered)} can be moved.</Muted>
      ) : null}
    </TaskFormDialog>
  );
}
