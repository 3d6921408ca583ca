import type { ReactNode } from 'react';
import {
  Input,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components';
import { cx } from './cx.ts';
import { FieldLabel, FieldNotes, type FieldTexts } from './field-parts.tsx';
import styles from './field.module.css';

export interface TextFieldProps
  extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children'>, FieldTexts {
  readonly placeholder?: string;
}

export function TextField({
  label,
  description,
  error,
  isOptional = false,
  placeholder,
  ...rest
}: TextFieldProps) {
  return (
    <AriaTextField {...rest} isInvalid={error !== undefined} className={cx(styles.field)}>
      <FieldLabel label={label} isOptional={isOptional} />
      <Input
        className={cx(styles.control)}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      <FieldNotes label={label} description={description as ReactNode} error={error} />
    </AriaTextField>
  );
}

export interface TextAreaProps extends TextFieldProps {
  readonly rows?: number;
}

/** Grows with its text, up to a point. */
export function TextArea({
  label,
  description,
  error,
  isOptional = false,
  placeholder,
  rows = 3,
  ...rest
}: TextAreaProps) {
  return (
    <AriaTextField {...rest} isInvalid={error !== undefined} className={cx(styles.field)}>
      <FieldLabel label={label} isOptional={isOptional} />
      <AriaTextArea
        rows={rows}
        className={cx(styles.control, styles.area)}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      <FieldNotes label={label} description={description as ReactNode} error={error} />
    </AriaTextField>
  );
}
