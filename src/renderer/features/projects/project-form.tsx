import { useState, type SyntheticEvent } from 'react';
import type { WrittenTerms } from '../../../shared/contract/project-shapes.ts';
import type { Category } from '../../../shared/domain/fields.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { isDialogOpen, useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { DateField } from '../../ui/date-field.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { MarkdownEditor } from '../../ui/markdown-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { HoursField } from '../../ui/hours-field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { Section } from '../../ui/panes.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Select } from '../../ui/select.tsx';
import { Row } from '../../ui/stack.tsx';
import { TextArea, TextField } from '../../ui/text-field.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { computeCurrencyDigits } from '../../format/money.ts';
import { BriefGuide } from './brief-guide.tsx';
import { CurrencyField } from './currency-field.tsx';
import { categoryNames, describeMinutes } from './describe-project.ts';
import styles from './form.module.css';
import {
  computeExampleValues,
  computeFormErrors,
  computeTerms,
  type ProjectFormErrors,
  type ProjectFormValues,
  type TemplateDraft,
} from './project-form-values.ts';
import { ExampleShelf } from './example-shelf.tsx';
import { FormTemplates } from './form-templates.tsx';
import { RoundingFields } from './rounding-fields.tsx';
import { RubricEditor } from './rubric-editor.tsx';
import { UnpaidNotice } from './unpaid-notice.tsx';
import { useFirstInvalid } from './use-first-invalid.ts';

const categories = (Object.keys(categoryNames) as Category[]).map((id) => ({
  id,
  label: categoryNames[id],
}));

const graceChoices = [0, 30, 60, 120, 360, 720, 1440, 2880];

export interface ProjectFormProps {
  readonly values: ProjectFormValues;
  readonly onChange: (patch: Partial<ProjectFormValues>) => void;
  readonly submitLabel: string;
  readonly error: unknown;
  readonly isSaving: boolean;
  readonly onSubmit: (terms: WrittenTerms, templates: readonly TemplateDraft[]) => void;
  /** For a new project: offers worked examples while nothing is written yet. */
  readonly hasExamples?: boolean;
  readonly onCancel: () => void;
}

/** The terms of a project. Errors stand at their fields, the engine's own included. */
export function ProjectForm({
  values,
  onChange: set,
  submitLabel,
  error,
  isSaving,
  onSubmit,
  onCancel,
  hasExamples = false,
}: ProjectFormProps) {
  const [wasTried, setWasTried] = useState(false);
  const { formRef, focusFirstInvalid } = useFirstInvalid();
  const errors = wasTried ? computeFormErrors(values) : {};
  const errorOf = (field: keyof ProjectFormErrors) =>
    errors[field] ??
    describeFieldError(error, `terms.${field}`) ??
    describeFieldError(error, `patch.${field}`) ??
    describeFieldError(error, field);
  const hasFieldError = Object.keys(errors).length > 0;

  const submit = () => {
    if (isSaving) return;
    setWasTried(true);
    if (Object.keys(computeFormErrors(values)).length === 0)
      onSubmit(computeTerms(values), values.templates);
    else focusFirstInvalid();
  };
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    submit();
  };
  useShortcut({ keys: ['Mod', 'Enter'], label: submitLabel, group: 'Project' }, () => {
    if (!isDialogOpen()) submit();
  });

  const isUnusualBudget = !Number.isNaN(values.hours) && (values.hours < 5 || values.hours > 40);
  const graces = graceChoices.includes(values.graceMinutes)
    ? graceChoices
    : [...graceChoices, values.graceMinutes].toSorted((a, b) => a - b);

  return (
    <form ref={formRef} className={styles.form} onSubmit={handleSubmit} noValidate>
      {hasExamples && values.title.trim() === '' && values.brief.trim() === '' ? (
        <ExampleShelf onChoose={(example) => set(computeExampleValues(example, values.startsOn))} />
      ) : null}
      <TextField
        label="Title"
        value={values.title}
        onChange={(title) => set({ title })}
        placeholder="Spring market research"
        error={errorOf('title')}
        maxLength={200}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a form that was just opened.
        autoFocus
      />
      <div className={styles.pair}>
        <Select
          label="Kind of work"
          options={categories}
          value={values.category}
          onChange={(category) => set({ category })}
          error={errorOf('category')}
        />
        {values.category === 'other' ? (
          <TextField
            label="In your words"
            value={values.categoryName}
            onChange={(categoryName) => set({ categoryName })}
            placeholder="Translation"
            error={errorOf('categoryName')}
            maxLength={200}
          />
        ) : null}
      </div>
      <div className={styles.editor}>
        <MarkdownEditor
          label="Brief"
          value={values.brief}
          onChange={(brief) => set({ brief })}
          minRows={10}
          description="Markdown: # for headings, - for lists, ** for emphasis."
          placeholder="What is this about, and what should come out of it?"
        />
        <BriefGuide isEmpty={values.brief.trim() === ''} onOutline={(brief) => set({ brief })} />
        {errorOf('brief') === undefined ? null : (
          <p className={styles.error} role="alert">
            {errorOf('brief')}
          </p>
        )}
      </div>

      <Section title="Hours and pay">
        <div className={styles.pair}>
          <HoursField
            label="Hour budget"
            value={values.hours}
            onChange={(hours) => set({ hours })}
            unit="hours"
            error={errorOf('hourBudgetMinutes')}
          />
        </div>
        {isUnusualBudget ? (
          <Notice tone="warning" title="Outside the usual 5 to 40 hours">
            {values.hours < 5
              ? 'A micro-internship this short may be over before it has taught anything.'
              : 'Beyond 40 hours this is closer to an ordinary job. Consider two projects.'}{' '}
            You can keep it all the same.
          </Notice>
        ) : null}
        <RadioGroup
          label="Pay"
          isRow
          options={[
            { id: 'fixed', label: 'A fixed sum' },
            { id: 'unpaid', label: 'Unpaid' },
          ]}
          value={values.isPaid ? 'fixed' : 'unpaid'}
          onChange={(kind) => set({ isPaid: kind === 'fixed' })}
        />
        {values.isPaid ? (
          <div className={styles.pair}>
            <NumberField
              label="Sum for the whole project"
              value={values.amount}
              onChange={(amount) => set({ amount })}
              minValue={0}
              formatOptions={{
                minimumFractionDigits: 0,
                maximumFractionDigits: computeCurrencyDigits(values.currency),
              }}
              error={errorOf('pay')}
            />
            <CurrencyField
              label="Currency"
              value={values.currency}
              onChange={(currency) => set({ currency })}
            />
          </div>
        ) : (
          <UnpaidNotice />
        )}
      </Section>

      <Section title="Dates">
        <div className={styles.pair}>
          <DateField
            label="Begins"
            value={values.startsOn}
            onChange={(startsOn) => set({ startsOn })}
            error={errorOf('startsOn')}
          />
          <DateField
            label="Ends"
            value={values.endsOn}
            onChange={(endsOn) => set({ endsOn })}
            error={errorOf('endsOn')}
          />
        </div>
        <ZoneField
          label="Time zone"
          description="Deadlines are set in it. Both sides always see their own time as well."
          value={values.timeZone}
          onChange={(timeZone) => set({ timeZone })}
          error={errorOf('timeZone')}
        />
      </Section>

      <Section title="When something is late, or not right yet">
        <div className={styles.pair}>
          <Select
            label="Grace after a deadline"
            description="For work finished in time offline that reaches the server later."
            options={graces.map((minutes) => ({
              id: String(minutes),
              label: minutes === 0 ? 'None' : describeMinutes(minutes),
            }))}
            value={String(values.graceMinutes)}
            onChange={(minutes) => set({ graceMinutes: Number(minutes) })}
            error={errorOf('graceMinutes')}
          />
          <NumberField
            label="Rounds of changes included"
            description="For each task. More can be asked for, and should be paid for."
            value={values.rounds}
            onChange={(rounds) => set({ rounds })}
            minValue={0}
            maxValue={20}
            error={errorOf('roundsIncluded')}
          />
        </div>
        <TextArea
          label="What happens when something is late"
          isOptional
          value={values.latePolicy}
          onChange={(latePolicy) => set({ latePolicy })}
          placeholder="Tell me before the deadline and we find another day."
          error={errorOf('latePolicy')}
        />
      </Section>

      <Section title="How the work is judged and counted">
        <RubricEditor
          rubric={values.rubric}
          onChange={(rubric) => set({ rubric })}
          error={errorOf('rubric')}
        />
        <RoundingFields values={values} onChange={set} />
      </Section>

      {values.templates.length === 0 ? null : (
        <FormTemplates templates={values.templates} onChange={(templates) => set({ templates })} />
      )}

      {error === null || error === undefined ? null : (
        <ErrorNotice error={error} title="Not saved. What you typed is still here." />
      )}
      {hasFieldError ? (
        <p className={styles.error} role="alert">
          Something is missing above; it is marked at its field.
        </p>
      ) : null}
      <div className={styles.footer}>
        <Row>
          <Button type="submit" variant="primary" keys={['Mod', 'Enter']} isDisabled={isSaving}>
            {submitLabel}
          </Button>
          <Button variant="quiet" onPress={onCancel}>
            Cancel
          </Button>
        </Row>
      </div>
    </form>
  );
}
