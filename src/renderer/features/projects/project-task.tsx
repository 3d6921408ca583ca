import { useMemo, useState } from 'react';
import { ArrowLeft } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import type { TaskItem } from '../../../shared/contract/shapes.ts';
import { useRequest } from '../../client/use-request.ts';
import { projectPath, projectTaskPath, reviewPath } from '../../routes.ts';
import { PaneHeader, Panes } from '../../ui/panes.tsx';
import { Button } from '../../ui/button.tsx';
import { Row } from '../../ui/stack.tsx';
import { ShowAll } from '../../ui/show-all.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { TaskDetail } from '../tasks/task-detail.tsx';
import { allTasks, firstTasks } from '../tasks/task-limits.ts';
import { StateBadge } from '../tasks/task-state.tsx';
import rowStyles from '../../ui/list-row.module.css';
import styles from './project-task.module.css';
import { TaskActions } from './task-actions.tsx';

interface TaskEntry extends TaskItem {
  readonly id: string;
}

export interface ProjectTaskProps {
  readonly seatId: string;
  readonly projectId: string;
  readonly taskId: string;
}

/** A task as the employer sees it, beside the others of its project. */
export function ProjectTask({ seatId, projectId, taskId }: ProjectTaskProps) {
  const [, navigate] = useLocation();
  const [isWhole, setIsWhole] = useState(false);
  const tasks = useRequest(
    'tasks.list',
    { seatId, projectId, limit: isWhole ? allTasks : firstTasks },
    { keepsPrevious: true },
  );
  const items = tasks.data?.items;
  const entries = useMemo<TaskEntry[]>(
    () => (items ?? []).map((task) => ({ ...task, id: task.taskId })),
    [items],
  );
  const total = tasks.data?.total ?? 0;
  // The chosen one may stand among those that were not fetched yet.
  const isBeyond = entries.length < total && !entries.some(({ id }) => id === taskId);
  if (isBeyond && !isWhole && !tasks.isPlaceholderData) setIsWhole(true);
  const title = entries[0]?.projectTitle ?? 'Tasks';
  return (
    <Panes
      listLabel="Tasks of the project"
      detailLabel="Task"
      list={
        <>
          <Link href={projectPath(projectId)} className={styles.back}>
            <ArrowLeft aria-hidden /> Project
          </Link>
          <PaneHeader title={title} />
          <div className={rowStyles.rows}>
            <VirtualList
              label="Tasks"
              items={entries}
              getText={(task) => task.title}
              renderItem={renderTask}
              rowHeightPx={60}
              selectedId={taskId}
              onSelect={(task) => navigate(projectTaskPath(projectId, task.taskId))}
            />
          </div>
          <ShowAll shown={entries.length} total={total} onPress={() => setIsWhole(true)} />
        </>
      }
      detail={
        <TaskDetail
          seatId={seatId}
          taskId={taskId}
          back={{ path: projectPath(projectId), label: title }}
          renderActions={(task) => {
            const newest = task.submissions[0];
            return (
              <Row>
                {task.item.state === 'submitted' && newest !== undefined ? (
                  <Button
                    variant="primary"
                    onPress={() => navigate(reviewPath(newest.submissionId))}
                  >
                    Review revision {newest.revision}
                  </Button>
                ) : null}
                <TaskActions task={task} />
              </Row>
            );
          }}
        />
      }
    />
  );
}

function renderTask(task: TaskEntry) {
  return (
    <div className={rowStyles.row}>
      <span className={rowStyles.title}>{task.title}</span>
      <span className={styles.line}>
        <span className={styles.name}>{task.internName}</span>
        <StateBadge state={task.state} />
      </span>
    </div>
  );
}
