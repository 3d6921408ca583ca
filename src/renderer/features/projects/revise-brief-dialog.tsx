import { useState } from 'react';
import { formatPlural } from '../../format/numbers.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { MarkdownEditor } from '../../ui/markdown-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { BriefDiff } from '../tasks/brief-change.tsx';
import { computeNewCriterion, CriteriaEditor, type EditedCriterion } from './criteria-editor.tsx';
import styles from './form.module.css';
import { mergeBriefs } from './merge-briefs.ts';
import { TaskFormDialog, type TaskDetails, type TaskDialogProps } from './task-dialog.tsx';

export interface ReviseBriefDialogProps extends TaskDialogProps {
  /** A version that the current one leaves out: the form begins with both put together. */
  readonly takesUp?: NonNullable<TaskDetails['replacedBrief']>;
}

/** A new version of instructions and criteria; work that was handed in keeps naming the one it answers. */
export function ReviseBriefDialog({ task, takesUp, onClose }: ReviseBriefDialogProps) {
  const { seatId, taskId, internName } = task.item;
  // As it was opened; a version that comes meanwhile is shown beside it.
  const [opened] = useState(task.brief);
  const [began] = useState(() =>
    takesUp === undefined
      ? { ...opened, doubled: 0 }
      : mergeBriefs(takesUp.before, opened, takesUp.theirs),
  );
  const [instructions, setInstructions] = useState(began.instructions);
  const [criteria, setCriteria] = useState<readonly EditedCriterion[]>(() =>
    began.criteria.map(({ id, text }) => ({
      ...computeNewCriterion(text),
      ...(id === undefined ? {} : { id }),
    })),
  );
  const revise = useAction('task.reviseBrief', { isInline: true, onSuccess: onClose });

  const submit = () => {
    const kept = criteria
      .map(({ id, text }) => ({ ...(id === undefined ? {} : { id }), text: text.trim() }))
      .filter(({ text }) => text !== '');
    const isSame = (brief: TaskDetails['brief']) =>
      instructions === brief.instructions &&
      JSON.stringify(kept) === JSON.stringify(brief.criteria.map(({ id, text }) => ({ id, text })));
    if (isSame(opened) || isSame(task.brief)) onClose();
    else revise.mutate({ seatId, taskId, instructions, criteria: kept });
  };

  return (
    <TaskFormDialog
      title="Change the brief"
      submitLabel={`Publish version ${task.brief.version + 1}`}
      onSubmit={submit}
      onClose={onClose}
      isSaving={revise.isPending}
      error={revise.error}
      size="large"
    >
      <Muted>
        <bdi>{internName}</bdi> sees what changed, side by side, and marks it as seen. What was
        handed in already keeps naming the version that it answers.
      </Muted>
      {takesUp === undefined ? null : (
        <Notice
          tone="accent"
          title={`Versions ${opened.version} and ${takesUp.theirs.version} put together`}
        >
          {began.doubled === 0
            ? 'Read it once before you publish it.'
            : `In ${formatPlural(began.doubled, 'place', 'places')} both say something else: there both stand, one below the other. Keep what is to hold.`}
        </Notice>
      )}
      {task.brief.briefVersionId === opened.briefVersionId ? null : (
        <>
          <Notice
            tone="warning"
            title={`Version ${task.brief.version} was published meanwhile`}
            isLive
          >
            You began with version {opened.version}. Take over what you want to keep of what changed
            since: your version replaces it whole.
          </Notice>
          <BriefDiff before={opened} after={task.brief} />
        </>
      )}
      <div className={styles.editor}>
        <MarkdownEditor
          label="Instructions"
          value={instructions}
          onChange={setInstructions}
          minRows={8}
          onSubmit={submit}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
          autoFocus
        />
      </div>
      <CriteriaEditor
        criteria={criteria}
        onChange={setCriteria}
        error={describeFieldError(revise.error, 'criteria')}
      />
    </TaskFormDialog>
  );
}
