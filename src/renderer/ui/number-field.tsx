import {
  Group,
  Input,
  NumberField as AriaNumberField,
  type NumberFieldProps as AriaNumberFieldProps,
} from 'react-aria-components';
import { cx } from './cx.ts';
import { FieldLabel, FieldNotes, type FieldTexts } from './field-parts.tsx';
import styles from './field.module.css';

export interface NumberFieldProps
  extends Omit<AriaNumberFieldProps, 'className' | 'style' | 'children'>, FieldTexts {
  /** Written behind the number, for example `hours`. */
  readonly unit?: string;
  /** While something is being typed; `onChange` comes when it is finished. */
  readonly onType?: () => void;
}

/** A number typed in the person's own notation. `value` is NaN while the field is empty. */
export function NumberField({
  label,
  description,
  error,
  isOptional = false,
  unit,
  onType,
  ...rest
}: NumberFieldProps) {
  return (
    <AriaNumberField {...rest} isInvalid={error !== undefined} className={cx(styles.field)}>
      <FieldLabel label={label} isOptional={isOptional} />
      <Group className={cx(styles.group)}>
        <Input className={cx(styles.control, styles.numeric)} onInput={onType} />
        {unit === undefined ? null : <span className={styles.unit}>{unit}</span>}
      </Group>
      <FieldNotes label={label} description={description} error={error} />
    </AriaNumberField>
  );
}
