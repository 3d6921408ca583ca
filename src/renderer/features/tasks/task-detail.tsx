import { useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import { useAction } from '../../client/use-request.ts';
import { useSeat } from '../../frame/seat.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { BriefNeeds } from '../asked/brief-needs.tsx';
import { ExtraTimeSection } from '../asked/extra-time-section.tsx';
import { QuestionsSection } from '../asked/questions-section.tsx';
import { TaskOrder } from '../asked/task-order.tsx';
import { ReplacedBrief } from '../projects/replaced-brief.tsx';
import { BriefChange } from './brief-change.tsx';
import { Criteria } from './criteria-list.tsx';
import { DraftSection } from './draft-section.tsx';
import { FileLine } from './file-line.tsx';
import { RequestedChanges } from './requested-changes.tsx';
import { SubmissionHistory } from './submission-history.tsx';
import { TaskFilesPlace } from './task-files-place.tsx';
import { TaskHeader } from './task-header.tsx';
import { TaskHours } from './task-hours.tsx';
import { TaskSection } from './task-section.tsx';
import { useTask, type Task, type TaskKey } from './use-task.ts';
import styles from './task-detail.module.css';

export interface TaskDetailProps extends TaskKey {
  /** Where the list is that this task was chosen from. */
  readonly back?: { readonly path: string; readonly label: string };
  /** In the header: what the employer can do with the task. */
  readonly renderActions?: (task: Task) => ReactNode;
}

const tasksPlace = { path: '/tasks', label: 'Tasks' };

/** Everything about one task, for the intern who works on it and for the employer who gave it. */
export function TaskDetail({ seatId, taskId, back = tasksPlace, renderActions }: TaskDetailProps) {
  const task = useTask({ seatId, taskId });
  if (task.isPending) return <Skeleton lines={8} label="Opening the task" />;
  if (task.isError)
    return task.error.code === 'not_found' ? (
      <EmptyState title="This task is not here">
        It may belong to an engagement that ended, or to an organization that this computer does not
        know.
      </EmptyState>
    ) : (
      <ErrorNotice error={task.error} onRetry={() => void task.refetch()} />
    );
  return (
    // Nothing typed or opened on one task is carried over to the next.
    <LoadedTask
      key={`${seatId}/${taskId}`}
      task={task.data}
      back={back}
      {...(renderActions === undefined ? {} : { actions: renderActions(task.data) })}
    />
  );
}

interface LoadedTaskProps {
  readonly task: Task;
  readonly back: { readonly path: string; readonly label: string };
  readonly actions?: ReactNode;
}

function LoadedTask({ task, back, actions }: LoadedTaskProps) {
  const { seats } = useSeat();
  const { seatId, taskId } = task.item;
  const isIntern = seats.find((seat) => seat.seatId === seatId)?.role === 'intern';
  useFirstLook(task, isIntern);
  /** The version that was marked as seen just now. */
  const [seenNow, setSeenNow] = useState<string>();
  const { brief, seenBrief, references, draft, submissions, timeEntries } = task;
  return (
    <article className={styles.task} aria-label={task.item.title}>
      <TaskHeader
        task={task}
        isIntern={isIntern}
        back={back}
        {...(actions === undefined ? {} : { actions })}
      />
      {/* The columns stand side by side where there is room for them. */}
      <div className={styles.columns}>
        <div className={styles.brief}>
          {isIntern ? <RequestedChanges task={task} /> : null}
          {isIntern && seenBrief !== null ? (
            <BriefChange
              seatId={seatId}
              taskId={taskId}
              seenBrief={seenBrief}
              brief={brief}
              onSeen={() => setSeenNow(brief.briefVersionId)}
            />
          ) : null}
          {isIntern && seenNow === brief.briefVersionId ? (
            <BriefNeeds task={task} onClose={() => setSeenNow(undefined)} />
          ) : null}
          <ReplacedBrief task={task} />
          <TaskSection title="Instructions" aside={`version ${brief.version}`}>
            {brief.instructions.trim() === '' ? (
              <p className={styles.quiet}>There are no instructions beyond the title.</p>
            ) : (
              <Markdown text={brief.instructions} />
            )}
          </TaskSection>
          <Criteria seatId={seatId} taskId={taskId} task={task} />
          {references.length === 0 ? null : (
            <TaskSection
              title="Reference files"
              aside={formatPlural(references.length, 'file', 'files')}
            >
              <ul className={styles.files}>
                {references.map((file) => (
                  <li key={file.attachmentId}>
                    <FileLine seatId={seatId} file={file} showsAvailability showsPicture />
                  </li>
                ))}
              </ul>
            </TaskSection>
          )}
          <TaskOrder task={task} isIntern={isIntern} />
          <QuestionsSection task={task} isIntern={isIntern} />
          <ExtraTimeSection task={task} isIntern={isIntern} />
        </div>
        <div className={styles.work}>
          {draft === null ? null : <DraftSection task={task} draft={draft} />}
          {draft === null && submissions.length === 0 ? (
            <TaskSection title="Submissions">
              <p className={styles.quiet}>Nothing was handed in yet.</p>
            </TaskSection>
          ) : null}
          <TaskFilesPlace seatId={seatId} taskId={taskId} />
          <TaskHours entries={timeEntries} workedSeconds={task.item.workedSeconds} />
        </div>
        <div className={styles.history}>
          <SubmissionHistory submissions={submissions} rubric={task.rubric} />
        </div>
      </div>
    </article>
  );
}

/**
 * The first version that an intern opens counts as seen: there is nothing to compare it with, and a later
 * one can then be compared with it. A changed brief is acknowledged by hand.
 */
function useFirstLook({ item, brief, seenBrief }: Task, isIntern: boolean): void {
  const acknowledge = useAction('task.acknowledgeBrief', { isInline: true });
  const { seatId, taskId } = item;
  const { briefVersionId } = brief;
  const isFirst = isIntern && item.hasUnseenBrief && seenBrief === null;
  const look = useEffectEvent(() => acknowledge.mutate({ seatId, taskId, briefVersionId }));
  useEffect(() => {
    if (isFirst) look();
  }, [isFirst, briefVersionId]);
}
