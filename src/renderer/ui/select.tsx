import { useState } from 'react';
import { Check, ChevronDown } from 'lucide-react';
import {
  Button,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
} from 'react-aria-components';
import { cx } from './cx.ts';
import { FieldLabel, FieldNotes, type FieldTexts } from './field-parts.tsx';
import styles from './field.module.css';
import overlayStyles from './overlay.module.css';

export interface SelectOption<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly description?: string;
}

export interface SelectProps<Id extends string> extends FieldTexts {
  readonly options: readonly SelectOption<Id>[];
  readonly value: Id | null;
  readonly onChange: (value: Id) => void;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
}

/** Each option is an element of React Aria's collection, long before the list is opened. */
const mostOptionsAhead = 40;

export function Select<Id extends string>({
  options,
  value,
  onChange,
  placeholder = 'Choose…',
  isDisabled = false,
  ...texts
}: SelectProps<Id>) {
  const [hasBeenReached, setHasBeenReached] = useState(false);
  const reach = (isReached: boolean) => {
    if (isReached) setHasBeenReached(true);
  };
  // A long list is made when the field is reached; before that nobody can choose.
  const offered =
    hasBeenReached || options.length <= mostOptionsAhead
      ? options
      : options.filter((option) => option.id === value);
  return (
    <AriaSelect
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.id === key);
        if (chosen !== undefined) onChange(chosen.id);
      }}
      placeholder={placeholder}
      isDisabled={isDisabled}
      onFocusChange={reach}
      onOpenChange={reach}
      isInvalid={texts.error !== undefined}
      className={cx(styles.field)}
    >
      <FieldLabel {...texts} />
      <Button className={cx(styles.trigger)}>
        <SelectValue>
          {({ selectedText, isPlaceholder }) => (isPlaceholder ? placeholder : selectedText)}
        </SelectValue>
        <ChevronDown aria-hidden />
      </Button>
      <FieldNotes {...texts} />
      <Popover offset={4} className={cx(overlayStyles.popover)}>
        <ListBox className={cx(overlayStyles.menu)}>
          {offered.map((option) => (
            <ListBoxItem
              key={option.id}
              id={option.id}
              textValue={option.label}
              className={cx(overlayStyles.item)}
            >
              {({ isSelected }) => (
                <>
                  <Text slot="label" className={cx(overlayStyles.itemLabel)}>
                    {option.label}
                  </Text>
                  {option.description === undefined ? null : (
                    <Text slot="description" className={cx(overlayStyles.itemDescription)}>
                      {option.description}
                    </Text>
                  )}
                  {isSelected ? <Check className={overlayStyles.itemEnd} aria-hidden /> : null}
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
