import type { ReactNode } from 'react';
import { ChevronDown } from 'lucide-react';
import { Button, Group, Input, Popover } from 'react-aria-components';
import buttonStyles from './button.module.css';
import { cx } from './cx.ts';
import { FieldLabel, FieldNotes, type FieldTexts } from './field-parts.tsx';
import styles from './field.module.css';
import overlayStyles from './overlay.module.css';

export interface ComboPartsProps extends FieldTexts {
  readonly placeholder?: string;
  /** The list of what may be chosen. */
  readonly children: ReactNode;
}

/** What stands inside a combo box: its label, where one types, the button that opens the list, the notes, and the list. */
export function ComboParts({ placeholder, children, ...texts }: ComboPartsProps) {
  return (
    <>
      <FieldLabel {...texts} />
      <Group className={cx(styles.group)}>
        <Input
          className={cx(styles.control)}
          {...(placeholder === undefined ? {} : { placeholder })}
        />
        <Button
          className={cx(
            buttonStyles.button,
            buttonStyles.quiet,
            buttonStyles.square,
            buttonStyles.small,
          )}
        >
          <ChevronDown aria-hidden />
        </Button>
      </Group>
      <FieldNotes {...texts} />
      <Popover offset={4} className={cx(overlayStyles.popover)}>
        {children}
      </Popover>
    </>
  );
}
