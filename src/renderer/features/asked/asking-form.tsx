import { useState } from 'react';
import { describeFieldError } from '../../client/describe-error.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import styles from './asked.module.css';

export interface AskingFormProps {
  readonly label: string;
  readonly description?: string;
  readonly submitLabel: string;
  /** The key that brings the focus here; it is bound by the section. */
  readonly keys: readonly string[];
  readonly error: unknown;
  readonly isSaving: boolean;
  readonly onSubmit: (text: string, clear: () => void) => void;
}

/** A few words to the other side: Ctrl/Cmd+Enter sends them, and the field is empty again once they are kept. */
export function AskingForm({
  label,
  description,
  submitLabel,
  keys,
  error,
  isSaving,
  onSubmit,
}: AskingFormProps) {
  const [text, setText] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const isEmpty = text.trim() === '';
  const submit = () => {
    setWasTried(true);
    if (isEmpty || isSaving) return;
    onSubmit(text.trim(), () => {
      setText('');
      setWasTried(false);
    });
  };
  // The newest binding wins: while the field has the focus, these keys do not hand in the work.
  useShortcut({ keys: ['Mod', 'Enter'], label: submitLabel, group: 'Task' }, submit, isFocused);
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextArea
        label={label}
        {...(description === undefined ? {} : { description })}
        value={text}
        onChange={setText}
        rows={2}
        maxLength={10_000}
        error={wasTried && isEmpty ? 'Write something first.' : describeFieldError(error, 'text')}
        onFocusChange={setIsFocused}
      />
      <Button
        type="submit"
        size="small"
        keys={isEmpty ? keys : ['Mod', 'Enter']}
        isDisabled={isSaving}
      >
        {submitLabel}
      </Button>
      {error === null ? null : (
        <ErrorNotice error={error} title="Not sent. What you typed is still here." />
      )}
    </form>
  );
}
