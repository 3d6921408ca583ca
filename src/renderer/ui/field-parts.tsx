import type { ReactNode } from 'react';
import { FieldError, Label, Text } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './field.module.css';

export interface FieldTexts {
  readonly label: string;
  readonly description?: ReactNode;
  /** Shown below the field; its presence marks the field as invalid. */
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
}

export function FieldLabel({ label, isOptional = false }: FieldTexts) {
  return (
    <Label className={cx(styles.label)}>
      {label}
      {isOptional ? <span className={styles.optional}> (optional)</span> : null}
    </Label>
  );
}

export function FieldNotes({ description, error }: FieldTexts) {
  return (
    <>
      {description === undefined ? null : (
        <Text slot="description" className={cx(styles.description)}>
          {description}
        </Text>
      )}
      <FieldError className={cx(styles.error)}>
        {error === undefined ? undefined : error}
      </FieldError>
    </>
  );
}
