import { useCallback, useRef, useState } from 'react';
import { Send } from 'lucide-react';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Deliverables } from './deliverables.tsx';
import { useDeliverableImports } from './deliverable-imports.ts';
import { DraftNote } from './draft-note.tsx';
import { EarlierVersions } from './earlier-versions.tsx';
import { SubmitDialog } from './submit-dialog.tsx';
import { describeHandedIn } from './submission-texts.ts';
import { TaskSection } from './task-section.tsx';
import type { Task } from './use-task.ts';
import styles from './draft-section.module.css';

export interface DraftSectionProps {
  readonly task: Task;
  readonly draft: NonNullable<Task['draft']>;
}

/** The intern's own work on a task: files, note, and handing it in. */
export function DraftSection({ task, draft }: DraftSectionProps) {
  const { seatId, taskId, state, newestRevision } = task.item;
  const imports = useDeliverableImports({ seatId, taskId });
  const moving = imports.filter((each) => each.state !== 'failed').length;
  const [isSubmitting, setIsSubmitting] = useState(false);
  const flushRef = useRef<() => Promise<void>>(async () => {});
  const keepFlush = useCallback((flush: () => Promise<void>) => {
    flushRef.current = flush;
  }, []);
  const isAccepted = state === 'accepted';
  const nextRevision = (newestRevision ?? 0) + 1;

  const openSubmit = async () => {
    if (isAccepted || moving > 0) return;
    // What is sent is what the workspace holds: the last keystroke first.
    await flushRef.current();
    setIsSubmitting(true);
  };
  useShortcut(
    { keys: ['Mod', 'Enter'], label: 'Hand in the work', group: 'Task' },
    () => void openSubmit(),
    !isAccepted && !isSubmitting,
  );

  return (
    <TaskSection title="Your work">
      <div className={styles.draft}>
        <StateNotice task={task} />
        {isAccepted ? null : (
          <>
            <Deliverables seatId={seatId} taskId={taskId} files={draft.files} imports={imports} />
            <DraftNote
              seatId={seatId}
              taskId={taskId}
              note={draft.note}
              onReady={keepFlush}
              onSubmit={() => void openSubmit()}
            />
            <EarlierVersions seatId={seatId} taskId={taskId} flushNote={() => flushRef.current()} />
            <div className={styles.submit}>
              <Button
                variant="primary"
                icon={<Send />}
                keys={['Mod', 'Enter']}
                isDisabled={moving > 0}
                onPress={() => void openSubmit()}
              >
                {nextRevision === 1 ? 'Submit…' : `Submit revision ${formatCount(nextRevision)}…`}
              </Button>
              <span className={styles.hint}>
                {moving > 0
                  ? `${formatPlural(moving, 'file is', 'files are')} still being added`
                  : 'You see what will be sent before it is sent.'}
              </span>
            </div>
          </>
        )}
      </div>
      <SubmitDialog task={task} isOpen={isSubmitting} onOpenChange={setIsSubmitting} />
    </TaskSection>
  );
}

function StateNotice({ task }: { readonly task: Task }) {
  const { state } = task.item;
  if (state === 'accepted')
    return (
      <Notice tone="positive" title="Accepted">
        There is nothing left to do here. What you handed in is in the history.
      </Notice>
    );
  if (state === 'cancelled')
    return (
      <Notice title="The employer cancelled this task">
        Nothing you did is lost. If you hand something in all the same, it arrives and is marked.
      </Notice>
    );
  if (state !== 'submitted') return null;
  const { title, text } = describeHandedIn(
    task.submissions.find(({ revision }) => revision === task.item.newestRevision),
  );
  return <Notice title={title}>{text}</Notice>;
}
