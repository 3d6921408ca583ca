import { useState } from 'react';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { MarkdownEditor } from '../../ui/markdown-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { BriefDiff } from '../tasks/brief-change.tsx';
import { computeNewCriterion, CriteriaEditor, type EditedCriterion } from './criteria-editor.tsx';
import styles from './form.module.css';
import { TaskFormDialog, type TaskDetails, type TaskDialogProps } from './task-dialog.tsx';

/** A new version of instructions and criteria; work that was handed in keeps naming the one it answers. */
export function ReviseBriefDialog({ task, onClose }: TaskDialogProps) {
  const { seatId, taskId, internName } = task.item;
  // As it was opened; a version that comes meanwhile is shown beside it.
  const [opened] = useState(task.brief);
  const [instructions, setInstructions] = useState(opened.instructions);
  const [criteria, setCriteria] = useState<readonly EditedCriterion[]>(() =>
    opened.criteria.map(({ id, text }) => ({ ...computeNewCriterion(text), id })),
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
