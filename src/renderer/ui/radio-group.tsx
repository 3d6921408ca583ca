import { RadioButton, RadioField, RadioGroup as AriaRadioGroup } from 'react-aria-components';
import { cx } from './cx.ts';
import { FieldLabel, FieldNotes, type FieldTexts } from './field-parts.tsx';
import type { SelectOption } from './select.tsx';
import styles from './field.module.css';

export interface RadioGroupProps<Id extends string> extends FieldTexts {
  readonly options: readonly SelectOption<Id>[];
  readonly value: Id | null;
  readonly onChange: (value: Id) => void;
  readonly isRow?: boolean;
  readonly isDisabled?: boolean;
  /** Where the choices say what they are about: the label is read out only. */
  readonly isLabelHidden?: boolean;
}

export function RadioGroup<Id extends string>({
  options,
  value,
  onChange,
  isRow = false,
  isDisabled = false,
  isLabelHidden = false,
  ...texts
}: RadioGroupProps<Id>) {
  return (
    <AriaRadioGroup
      value={value}
      onChange={(next) => {
        const chosen = options.find((option) => option.id === next);
        if (chosen !== undefined) onChange(chosen.id);
      }}
      {...(isLabelHidden ? { 'aria-label': texts.label } : {})}
      orientation={isRow ? 'horizontal' : 'vertical'}
      isDisabled={isDisabled}
      isInvalid={texts.error !== undefined}
      className={cx(styles.field)}
    >
      {isLabelHidden ? null : <FieldLabel {...texts} />}
      <div className={isRow ? styles.row : styles.choices}>
        {options.map((option) => (
          <RadioField key={option.id} value={option.id}>
            <RadioButton className={cx(styles.choice)}>
              <span className={styles.dot} aria-hidden />
              <span className={styles.choiceText}>
                {option.label}
                {option.description === undefined ? null : (
                  <span className={styles.choiceNote}>{option.description}</span>
                )}
              </span>
            </RadioButton>
          </RadioField>
        ))}
      </div>
      <FieldNotes {...texts} />
    </AriaRadioGroup>
  );
}
