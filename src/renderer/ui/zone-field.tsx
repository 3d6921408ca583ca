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
import { formatZoneCity } from '../format/date-time.ts';
import { localZone } from '../format/locale.ts';
import buttonStyles from './button.module.css';
import { cx } from './cx.ts';
import { FieldLabel, FieldNotes, type FieldTexts } from './field-parts.tsx';
import styles from './field.module.css';
import overlayStyles from './overlay.module.css';

const zones = [...new Set([localZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((id) => ({
  id,
  label: id.includes('/') ? `${formatZoneCity(id)} (${id})` : id,
}));

export interface ZoneFieldProps extends FieldTexts {
  /** An IANA time zone. */
  readonly value: string;
  readonly onChange: (zone: string) => void;
}

/** A time zone, found by typing its city. */
export function ZoneField({ value, onChange, ...texts }: ZoneFieldProps) {
  return (
    <ComboBox
      defaultItems={zones}
      value={value}
      onChange={(key) => {
        if (typeof key === 'string') onChange(key);
      }}
      isInvalid={texts.error !== undefined}
      menuTrigger="focus"
      className={cx(styles.field)}
    >
      <FieldLabel {...texts} />
      <Group className={cx(styles.group)}>
        <Input className={cx(styles.control)} />
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
        <ListBox<(typeof zones)[number]> className={cx(overlayStyles.menu)}>
          {(zone) => (
            <ListBoxItem id={zone.id} textValue={zone.label} className={cx(overlayStyles.item)}>
              <span className={overlayStyles.itemLabel}>{zone.label}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
