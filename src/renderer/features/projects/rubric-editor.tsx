import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '../../ui/button.tsx';
import fieldStyles from '../../ui/field.module.css';
import { NumberField } from '../../ui/number-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { EditedRubricCriterion } from './project-form-values.ts';
import styles from './rubric-editor.module.css';

export interface RubricEditorProps {
  readonly rubric: readonly EditedRubricCriterion[];
  readonly onChange: (rubric: readonly EditedRubricCriterion[]) => void;
  readonly error: string | undefined;
}

/** What a submission is scored on, each line with its points. Interns of the project see it, too. */
export function RubricEditor({ rubric, onChange, error }: RubricEditorProps) {
  const total = rubric.reduce((sum, { points }) => sum + (points >= 1 ? points : 0), 0);
  return (
    <fieldset className={styles.editor}>
      <legend className={fieldStyles.label}>Rubric</legend>
      <span className={fieldStyles.description}>
        Optional. What you score in a review, and how much it weighs. Interns see it before they
        begin.
      </span>
      {rubric.map((criterion, index) => (
        <div key={criterion.key} className={styles.line}>
          <TextField
            label={`What is scored, line ${index + 1}`}
            value={criterion.text}
            onChange={(text) => onChange(rubric.with(index, { ...criterion, text }))}
            maxLength={200}
            placeholder="Every number has a source"
          />
          <NumberField
            label="Points"
            value={criterion.points}
            onChange={(points) => onChange(rubric.with(index, { ...criterion, points }))}
            minValue={1}
            maxValue={1000}
            step={1}
          />
          <IconButton
            label={`Remove line ${index + 1} of the rubric`}
            icon={<X />}
            size="small"
            onPress={() => onChange(rubric.toSpliced(index, 1))}
          />
        </div>
      ))}
      <div className={styles.foot}>
        <Button
          size="small"
          variant="quiet"
          icon={<Plus />}
          isDisabled={rubric.length >= 50}
          onPress={() => onChange([...rubric, { key: crypto.randomUUID(), text: '', points: 10 }])}
        >
          Add a line to the rubric
        </Button>
        {rubric.length === 0 ? null : (
          <span className={fieldStyles.description}>{total} points in all</span>
        )}
      </div>
      {error === undefined ? null : (
        <span className={fieldStyles.error} role="alert">
          {error}
        </span>
      )}
    </fieldset>
  );
}
