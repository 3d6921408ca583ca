import type { ReactNode } from 'react';
import { Check, Minus } from 'lucide-react';
import { CheckboxButton, CheckboxField, type CheckboxFieldProps } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './field.module.css';

export interface CheckboxProps extends Omit<
  CheckboxFieldProps,
  'className' | 'style' | 'children'
> {
  readonly children: ReactNode;
  readonly description?: ReactNode;
}

export function Checkbox({ children, description, ...rest }: CheckboxProps) {
  return (
    <CheckboxField {...rest}>
      <CheckboxButton className={cx(styles.choice)}>
        {({ isIndeterminate }) => (
          <>
            <span className={styles.box} aria-hidden>
              {isIndeterminate ? <Minus /> : <Check />}
            </span>
            <span className={styles.choiceText}>
              {children}
              {description === undefined ? null : (
                <span className={styles.choiceNote}>{description}</span>
              )}
            </span>
          </>
        )}
      </CheckboxButton>
    </CheckboxField>
  );
}
