import { useEffect, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { cx } from '../../ui/cx.ts';
import { useFocusAtFault } from '../../ui/use-focus-at-fault.ts';
import styles from './start.module.css';

export interface StartFormProps {
  readonly onSubmit: () => void;
  /** What the last attempt came to. */
  readonly error: unknown;
  /** There is something to read before it. */
  readonly isBelowText?: boolean;
  readonly children: ReactNode;
}

/**
 * A form whose faults the workspace finds. The browser's own check would hold back a form with a field that
 * is marked as wrong, and nobody could send it again after mending that field.
 */
export function StartForm({ onSubmit, error, isBelowText = false, children }: StartFormProps) {
  const formRef = useFocusAtFault(error);
  useEffect(() => {
    if (isBelowText) return;
    const inputs = [...(formRef.current?.querySelectorAll('input') ?? [])];
    inputs.find(({ value }) => value === '')?.focus();
  }, [formRef, isBelowText]);
  return (
    <Form
      ref={formRef}
      validationBehavior="aria"
      className={cx(styles.form)}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </Form>
  );
}
