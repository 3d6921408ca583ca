import { useState } from 'react';
import { formatPlural } from '../../format/numbers.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { MarkdownEditor } from '../../ui/markdown-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { BriefDiff } from '../tasks/brief-change.tsx';
import { computeNewCriterion, CriteriaEditor, type EditedCriterion } from './criteria-editor.tsx';
import styles from './form.module.css';
import { type MergedBrief, mergeBriefs } from './merge-briefs.ts';
import { TaskFormDialog, type TaskDetails, type TaskDialogProps } from './task-dialog.tsx';

export interface ReviseBriefDialogProps extends TaskDialogProps {
  /** A version that the current one leaves out: the form begins with both put together. */
  readonly takesUp?: NonNullable<TaskDetails['replacedBrief']>;
}

const computeEdited = (criteria: MergedBrief['criteria']): readonly EditedCriterion[] =>
  criteria.map(({ id, text }) => ({
    ...computeNewCriterion(text),
    ...(id === undefined ? {} : { id }),
  }));

/** A new version of instructions and criteria; work that was handed in keeps naming the one it answers. */
export function ReviseBriefDialog({ task, takesUp, onClose }: ReviseBriefDialogProps) {
  const { seatId, taskId, internName } = task.item;
  // What the form goes on from; a version that comes meanwhile is shown beside it.
  const [base, setBase] = useState(task.brief);
  const [merged, setMerged] = useState(() =>
    takesUp === undefined
      ? undefined
      : {
          title: `Versions ${takesUp.theirs.version} and ${base.version} put together`,
          ...mergeBriefs(takesUp.before, base, takesUp.theirs),
        },
  );
  const [instructions, setInstructions] = useState((merged ?? base).instructions);
  const [criteria, setCriteria] = useState(() => computeEdited((merged ?? base).criteria));
  const putTogether = () => {
    const together = mergeBriefs(base, { instructions, criteria }, task.brief);
    setMerged({ title: `Yours and version ${task.brief.version} put together`, ...together });
    setInstructions(together.instructions);
    setCriteria(computeEdited(together.criteria));
    setBase(task.brief);
  };
  const revise = useAction('task.reviseBrief', { isInline: true, onSuccess: onClose });

  const submit = () => {
    const kept = criteria
      .map(({ id, text }) => ({ ...(id === undefined ? {} : { id }), text: text.trim() }))
      .filter(({ text }) => text !== '');
    const isSame = (brief: TaskDetails['brief']) =>
      instructions === brief.instructions &&
      JSON.stringify(kept) === JSON.stringify(brief.criteria.map(({ id, text }) => ({ id, text })));
    if (isSame(base) || isSame(task.brief)) onClose();
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
      {merged === undefined ? null : (
        <Notice tone="accent" title={merged.title} isLive>
          {merged.doubled === 0
            ? 'Read it once before you publish it.'
            : `In ${formatPlural(merged.doubled, 'place', 'places')} both say something else: there both stand, one below the other. Keep what is to hold.`}
        </Notice>
      )}
      {task.brief.briefVersionId === base.briefVersionId ? null : (
        <>
          <Notice
            tone="warning"
            title={`Version ${task.brief.version} was published meanwhile`}
            isLive
            action={
              <Button size="small" onPress={putTogether}>
                Put both together
              </Button>
            }
          >
            You began with version {base.version}. Take over what you want to keep of what changed
            since: your version replaces it whole.
          </Notice>
          <BriefDiff before={base} after={task.brief} />
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
