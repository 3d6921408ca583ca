import { type ClipboardEvent, type ReactNode, useState } from 'react';
import {
  Input,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components';
import { cx } from './cx.ts';
import { FieldLabel, FieldNotes, type FieldTexts } from './field-parts.tsx';
import styles from './field.module.css';
import { describePasteLimit } from './paste-limit.ts';

export interface TextFieldProps
  extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children'>, FieldTexts {
  readonly placeholder?: string;
}

/** A browser cuts off what does not fit, and says nothing: here it is not taken, and said. */
function usePasteLimit(maxLength: number | undefined) {
  const [problem, setProblem] = useState<string>();
  const onPaste = (event: ClipboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const selectedLength = (selectionEnd ?? 0) - (selectionStart ?? 0);
    const pasted = event.clipboardData.getData('text/plain');
    const found = describePasteLimit(pasted.length, value.length - selectedLength, maxLength);
    setProblem(found);
    if (found !== undefined) event.preventDefault();
  };
  return { problem, onPaste, onInput: () => setProblem(undefined) };
}

export function TextField({
  label,
  description,
  error,
  isOptional = false,
  placeholder,
  ...rest
}: TextFieldProps) {
  const { problem, ...limit } = usePasteLimit(rest.maxLength);
  const said = problem ?? error;
  return (
    <AriaTextField {...rest} isInvalid={said !== undefined} className={cx(styles.field)}>
      <FieldLabel label={label} isOptional={isOptional} />
      <Input
        {...limit}
        className={cx(styles.control)}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      <FieldNotes label={label} description={description as ReactNode} error={said} />
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
  const { problem, ...limit } = usePasteLimit(rest.maxLength);
  const said = problem ?? error;
  return (
    <AriaTextField {...rest} isInvalid={said !== undefined} className={cx(styles.field)}>
      <FieldLabel label={label} isOptional={isOptional} />
      <AriaTextArea
        {...limit}
        rows={rows}
        className={cx(styles.control, styles.area)}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      <FieldNotes label={label} description={description as ReactNode} error={said} />
    </AriaTextField>
  );
}
