import { ChevronDown } from 'lucide-react';
import {
  Button,
  ComboBox,
  Group,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
} from 'react-aria-components';
import { locale } from '../../format/locale.ts';
import buttonStyles from '../../ui/button.module.css';
import { cx } from '../../ui/cx.ts';
import { FieldLabel, FieldNotes, type FieldTexts } from '../../ui/field-parts.tsx';
import fieldStyles from '../../ui/field.module.css';
import overlayStyles from '../../ui/overlay.module.css';
import styles from './currency-field.module.css';

const names = new Intl.DisplayNames(locale, { type: 'currency' });
const currencies = Intl.supportedValuesOf('currency').map((id) => ({
  id,
  label: `${id} ${names.of(id) ?? ''}`.trim(),
}));

export interface CurrencyFieldProps extends FieldTexts {
  /** An ISO 4217 code. */
  readonly value: string;
  readonly onChange: (currency: string) => void;
}

/** A currency, found by typing its code or name. */
export function CurrencyField({ value, onChange, ...texts }: CurrencyFieldProps) {
  return (
    <ComboBox
      defaultItems={currencies}
      value={value}
      onChange={(key) => {
        if (typeof key === 'string') onChange(key);
      }}
      menuTrigger="focus"
      isInvalid={texts.error !== undefined}
      className={cx(fieldStyles.field)}
    >
      <FieldLabel {...texts} />
      <Group className={cx(fieldStyles.group)}>
        <Input className={cx(fieldStyles.control, styles.input)} />
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
        <ListBox<(typeof currencies)[number]> className={cx(overlayStyles.menu)}>
          {(currency) => (
            <ListBoxItem
              id={currency.id}
              textValue={currency.label}
              className={cx(overlayStyles.item)}
            >
              <span className={overlayStyles.itemLabel}>{currency.label}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
