import type { ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { cx } from '../../ui/cx.ts';
import styles from './start.module.css';

export interface StartFormProps {
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/**
 * A form whose faults the workspace finds. The browser's own check would hold back a form with a field that
 * is marked as wrong, and nobody could send it again after mending that field.
 */
export function StartForm({ onSubmit, children }: StartFormProps) {
  return (
    <Form
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
