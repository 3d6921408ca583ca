import { useState } from 'react';
import { Temporal } from 'temporal-polyfill';
import type { Engagement } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { isDialogOpen, useShortcut } from '../../frame/shortcuts.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { MarkdownEditor } from '../../ui/markdown-editor.tsx';
import { HoursField } from '../../ui/hours-field.tsx';
import { Muted, Row } from '../../ui/stack.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { computeNewCriterion, CriteriaEditor, type EditedCriterion } from './criteria-editor.tsx';
import { DeadlineFields, findDeadline, type EditedDeadline } from './deadline-fields.tsx';
import styles from './form.module.css';
import templateStyles from './templates.module.css';
import { ReferencePicker } from './reference-picker.tsx';
import { useFirstInvalid } from './use-first-invalid.ts';
import { forgetKept, useKeptState } from './use-kept-state.ts';
import { useKeptFiles } from './use-staged-files.ts';

export interface AssignTaskFormProps {
  readonly engagement: Engagement;
  /** The project's zone, in which deadlines are usually set. */
  readonly zone: string;
  /** The others on the project, who can be given the same task at once. */
  readonly others?: readonly Engagement[];
  readonly onDone: (taskId: string) => void;
  readonly onCancel: () => void;
}

interface AssignTaskValues {
  readonly title: string;
  readonly instructions: string;
  readonly criteria: readonly EditedCriterion[];
  readonly deadline: EditedDeadline;
  /** NaN while the field is empty. */
  readonly estimateHours: number;
  /** Engagements of others who get the same task. */
  readonly alsoFor: readonly string[];
}

/** A week from now, and not beyond the end of the engagement. */
function computeFirstDeadline(engagement: Engagement, zone: string): EditedDeadline {
  const inAWeek = Temporal.Now.plainDateISO(zone).add({ days: 7 }).toString();
  return { date: inAWeek < engagement.endsOn ? inAWeek : engagement.endsOn, time: '17:00', zone };
}

export function AssignTaskForm({
  engagement,
  zone,
  others = [],
  onDone,
  onCancel,
}: AssignTaskFormProps) {
  const { seatId, engagementId, intern } = engagement;
  const keptAs = `assign.${engagementId}`;
  const [values, change] = useKeptState<AssignTaskValues>(keptAs, () => ({
    title: '',
    instructions: '',
    criteria: [computeNewCriterion()],
    deadline: computeFirstDeadline(engagement, zone),
    estimateHours: Number.NaN,
    alsoFor: [],
  }));
  const { title, instructions, criteria, deadline, estimateHours } = values;
  const alsoFor = others
    .map((other) => other.engagementId)
    .filter((otherId) => values.alsoFor.includes(otherId));
  const [wasTried, setWasTried] = useState(false);
  const { formRef, focusFirstInvalid } = useFirstInvalid();
  const staged = useKeptFiles(keptAs);
  const forget = () => {
    forgetKept(keptAs);
    staged.clear();
  };
  const assign = useAction('task.assignToMany', {
    isInline: true,
    onSuccess: ({ taskIds: [taskId, ...more] }) => {
      forget();
      const whom =
        more.length === 0
          ? intern.name
          : `${isolate(intern.name)} and ${formatPlural(more.length, 'other', 'others')}`;
      showToast({
        tone: 'positive',
        title: 'Task assigned',
        description: `“${isolate(title.trim())}” reaches ${whom} with the next synchronisation.`,
      });
      if (taskId !== undefined) onDone(taskId);
    },
  });
  const found = findDeadline(deadline);
  const titleError =
    wasTried && title.trim() === ''
      ? 'Give the task a title.'
      : describeFieldError(assign.error, 'title');
  const deadlineError =
    wasTried && found === undefined
      ? 'Choose a day and a time.'
      : describeFieldError(assign.error, 'deadline');
  const instructionsError =
    wasTried && instructions.trim() === ''
      ? 'Write what is to be done.'
      : describeFieldError(assign.error, 'instructions');

  const submit = () => {
    setWasTried(true);
    if (title.trim() === '' || instructions.trim() === '' || found === undefined) {
      focusFirstInvalid();
      return;
    }
    // What was chosen is part of the task: it does not go without, unless somebody takes the file off the list.
    if (staged.isBusy || staged.hasProblem || assign.isPending) return;
    assign.mutate({
      seatId,
      engagementIds: [engagementId, ...alsoFor],
      title: title.trim(),
      instructions,
      criteria: criteria.map(({ text }) => text.trim()).filter((text) => text !== ''),
      deadline: found,
      estimateMinutes: Number.isNaN(estimateHours)
        ? null
        : Math.max(1, Math.round(estimateHours * 60)),
      referenceStagedIds: staged.files.flatMap((file) =>
        file.staged === undefined ? [] : [file.staged.stagedId],
      ),
    });
  };
  useShortcut({ keys: ['Mod', 'Enter'], label: 'Assign the task', group: 'Task' }, () => {
    if (!isDialogOpen()) submit();
  });

  const leftMs = engagement.budget.budgetMinutes * 60_000 - engagement.budget.workedSeconds * 1000;
  return (
    <form
      ref={formRef}
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextField
        label="Title"
        value={title}
        onChange={(next) => change({ title: next })}
        maxLength={200}
        placeholder="Competitor price survey"
        error={titleError}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a form that was just opened.
        autoFocus
      />
      <div className={styles.editor}>
        <MarkdownEditor
          label="Instructions"
          value={instructions}
          onChange={(next) => change({ instructions: next })}
          minRows={10}
          description="Markdown: # for headings, - for lists, | for tables. Read offline, with nobody to ask."
          placeholder="The goal, the steps, the form of what is handed in, an example."
        />
        {instructionsError === undefined ? null : (
          <p className={styles.error} role="alert">
            {instructionsError}
          </p>
        )}
      </div>
      <CriteriaEditor
        criteria={criteria}
        onChange={(next) => change({ criteria: next })}
        error={describeFieldError(assign.error, 'criteria')}
      />
      <ReferencePicker staged={staged} />
      <DeadlineFields
        value={deadline}
        onChange={(next) => change({ deadline: next })}
        intern={intern}
        error={deadlineError}
      />
      <div className={styles.pair}>
        <HoursField
          label="Estimate"
          isOptional
          value={estimateHours}
          onChange={(next) => change({ estimateHours: next })}
          unit="hours"
          description={`${formatDuration(leftMs)} of the budget are left.`}
          error={describeFieldError(assign.error, 'estimateMinutes')}
        />
      </div>
      {others.length === 0 ? null : (
        <fieldset className={templateStyles.choices}>
          <legend>Also for</legend>
          {others.map((other) => (
            <Checkbox
              key={other.engagementId}
              isSelected={alsoFor.includes(other.engagementId)}
              onChange={(isIn) =>
                change({
                  alsoFor: isIn
                    ? [...alsoFor, other.engagementId]
                    : alsoFor.filter((each) => each !== other.engagementId),
                })
              }
            >
              {other.intern.name}
            </Checkbox>
          ))}
        </fieldset>
      )}
      {assign.isError ? (
        <ErrorNotice error={assign.error} title="Not assigned. What you typed is still here." />
      ) : null}
      <div className={styles.footer}>
        <Row>
          <Button
            type="submit"
            variant="primary"
            keys={['Mod', 'Enter']}
            isDisabled={staged.isBusy || staged.hasProblem || assign.isPending}
          >
            Assign to <bdi>{intern.name}</bdi>
            {alsoFor.length === 0 ? '' : ` and ${formatPlural(alsoFor.length, 'other', 'others')}`}
          </Button>
          <Button
            variant="quiet"
            onPress={() => {
              forget();
              onCancel();
            }}
          >
            Cancel
          </Button>
          {staged.isBusy ? <Muted>Files are still being added.</Muted> : null}
          {staged.hasProblem ? (
            <Muted>A file was not added. Try it again, or take it off the list.</Muted>
          ) : null}
        </Row>
      </div>
    </form>
  );
}
