import { useId, type ReactNode } from 'react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './form.module.css';

export type TaskDetails = RequestOutput<'task.get'>;

/** What each of the dialogs on a task is given. Mounting one opens it. */
export interface TaskDialogProps {
  readonly task: TaskDetails;
  readonly onClose: () => void;
}

export interface TaskFormDialogProps {
  readonly title: string;
  readonly submitLabel: string;
  /** What stands where nothing is there yet that could stay as it is. */
  readonly leaveLabel?: string;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly isSaving: boolean;
  readonly error: unknown;
  readonly size?: 'small' | 'medium' | 'large';
  readonly children: ReactNode;
}

/** A dialog that is one form: Enter or Ctrl/Cmd+Enter saves, Escape leaves. */
export function TaskFormDialog({
  title,
  submitLabel,
  leaveLabel = 'Leave it as it is',
  onSubmit,
  onClose,
  isSaving,
  error,
  size = 'medium',
  children,
}: TaskFormDialogProps) {
  const formId = useId();
  const submit = () => {
    if (!isSaving) onSubmit();
  };
  // Bound here, since the page behind may have bound the same keys to something of its own.
  useShortcut({ keys: ['Mod', 'Enter'], label: submitLabel, group: 'Task' }, submit);
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={title}
      size={size}
      isForm
      footer={
        <>
          <Button onPress={onClose}>{leaveLabel}</Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            keys={['Mod', 'Enter']}
            isDisabled={isSaving}
          >
            {submitLabel}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {children}
        {error === null ? null : (
          <ErrorNotice error={error} title="Not saved. What you typed is still here." />
        )}
      </form>
    </Dialog>
  );
}
