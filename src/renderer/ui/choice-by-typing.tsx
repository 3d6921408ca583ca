import { ComboBox, ListBox, ListBoxItem } from 'react-aria-components';
import { ComboParts } from './combo-parts.tsx';
import { cx } from './cx.ts';
import type { FieldTexts } from './field-parts.tsx';
import fieldStyles from './field.module.css';
import overlayStyles from './overlay.module.css';

export interface TypedChoice {
  readonly id: string;
  readonly label: string;
}

export interface ChoiceByTypingProps extends FieldTexts {
  readonly choices: readonly TypedChoice[];
  /** The id of what is chosen. */
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** One of many, found by typing a part of its label. */
export function ChoiceByTyping({ choices, value, onChange, ...texts }: ChoiceByTypingProps) {
  return (
    <ComboBox
      defaultItems={choices}
      value={value}
      onChange={(key) => {
        if (typeof key === 'string') onChange(key);
      }}
      isInvalid={texts.error !== undefined}
      menuTrigger="focus"
      className={cx(fieldStyles.field)}
    >
      <ComboParts {...texts}>
        <ListBox<TypedChoice> className={cx(overlayStyles.menu)}>
          {({ id, label }) => (
            <ListBoxItem id={id} textValue={label} className={cx(overlayStyles.item)}>
              <span className={overlayStyles.itemLabel}>{label}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </ComboParts>
    </ComboBox>
  );
}
