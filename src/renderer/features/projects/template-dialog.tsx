import { useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { MarkdownEditor } from '../../ui/markdown-editor.tsx';
import { HoursField } from '../../ui/hours-field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { computeNewCriterion, CriteriaEditor, type EditedCriterion } from './criteria-editor.tsx';
import styles from './form.module.css';
import { ReplacedUnseen, type ReplacedUnseenProps } from './replaced-unseen.tsx';
import { TaskFormDialog } from './task-dialog.tsx';

export type Template = RequestOutput<'project.get'>['templates'][number];

export interface TemplateDialogProps {
  readonly seatId: string;
  readonly projectId: string;
  /** Left out for a new one. */
  readonly template?: Template;
  readonly onClose: () => void;
}

export function TemplateDialog({ seatId, projectId, template, onClose }: TemplateDialogProps) {
  const [title, setTitle] = useState(template?.title ?? '');
  const [instructions, setInstructions] = useState(template?.instructions ?? '');
  const [criteria, setCriteria] = useState<readonly EditedCriterion[]>(() =>
    (template?.criteria ?? ['']).map((text) => computeNewCriterion(text)),
  );
  const [hours, setHours] = useState(
    template === undefined || template.estimateMinutes === null
      ? Number.NaN
      : template.estimateMinutes / 60,
  );
  const [dueDays, setDueDays] = useState(template?.dueDays ?? 7);
  const [dueTime, setDueTime] = useState(template?.dueTime ?? '17:00');
  const [wasTried, setWasTried] = useState(false);
  const save = useAction('template.save', { isInline: true, onSuccess: onClose });
  const write: ReplacedUnseenProps['onWrite'] = (field, value) => {
    if (field === 'title') setTitle(String(value));
    else if (field === 'instructions') setInstructions(String(value));
    else if (field === 'dueTime') setDueTime(String(value));
    else if (field === 'dueDays') setDueDays(Number(value));
    else setHours(value === null ? Number.NaN : Number(value) / 60);
  };
  const estimateMinutes = Number.isNaN(hours) ? null : Math.max(1, Math.round(hours * 60));
  const isTime = /^([01]\d|2[0-3]):[0-5]\d$/u.test(dueTime);
  const submit = () => {
    setWasTried(true);
    if (title.trim() === '' || Number.isNaN(dueDays) || !isTime) return;
    save.mutate({
      seatId,
      projectId,
      ...(template === undefined ? {} : { templateId: template.templateId, seen: template }),
      template: {
        title: title.trim(),
        instructions,
        criteria: criteria.map(({ text }) => text.trim()).filter((text) => text !== ''),
        estimateMinutes,
        dueDays,
        dueTime,
      },
    });
  };
  return (
    <TaskFormDialog
      {...(template === undefined
        ? { title: 'New task template', leaveLabel: 'Cancel' }
        : { title: 'Edit the task template' })}
      submitLabel="Save the template"
      size="large"
      onSubmit={submit}
      onClose={onClose}
      isSaving={save.isPending}
      error={save.error}
    >
      <ReplacedUnseen
        replaced={template?.replaced ?? []}
        written={{ title, instructions, estimateMinutes, dueDays, dueTime }}
        onWrite={write}
      />
      <TextField
        label="Title"
        value={title}
        onChange={setTitle}
        maxLength={200}
        error={
          wasTried && title.trim() === ''
            ? 'Give the task a title.'
            : describeFieldError(save.error, 'template.title')
        }
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
        autoFocus
      />
      <MarkdownEditor
        label="Instructions"
        value={instructions}
        onChange={setInstructions}
        minRows={6}
        placeholder="The goal, the steps, the form of what is handed in, an example."
      />
      <CriteriaEditor criteria={criteria} onChange={setCriteria} />
      <div className={styles.pair}>
        <NumberField
          label="Due, days after the start"
          value={dueDays}
          onChange={setDueDays}
          minValue={0}
          maxValue={3650}
          step={1}
          error={wasTried && Number.isNaN(dueDays) ? 'Say after how many days.' : undefined}
        />
        <TextField
          label="At"
          value={dueTime}
          onChange={setDueTime}
          placeholder="17:00"
          description="In the project’s time zone"
          error={wasTried && !isTime ? 'Write a time such as 17:00.' : undefined}
        />
        <HoursField label="Estimate" isOptional value={hours} onChange={setHours} unit="hours" />
      </div>
    </TaskFormDialog>
  );
}
