import { type FocusEvent, useState } from 'react';
import { Check, ChevronDown } from 'lucide-react';
import {
  Button,
  ListBox,
  ListBoxItem,
  ListLayout,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
  Virtualizer,
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
/** Of a long list, only the rows that can be seen are in the document. */
const longListLayout = { estimatedRowSize: 32, padding: 4 };

/** A row that the keyboard went to before it was in the document is not scrolled to by React Aria. */
function showFocused({ target }: FocusEvent<Element>): void {
  if (target.matches('[role="option"]:focus-visible')) target.scrollIntoView({ block: 'nearest' });
}

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
  const isLong = options.length > mostOptionsAhead;
  // A long list is made when the field is reached; before that nobody can choose.
  const offered =
    hasBeenReached || !isLong ? options : options.filter((option) => option.id === value);
  const list = (
    <ListBox className={cx(overlayStyles.menu, isLong && styles.longList)}>
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
  );
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
        {isLong ? (
          <div onFocus={showFocused}>
            <Virtualizer layout={ListLayout} layoutOptions={longListLayout}>
              {list}
            </Virtualizer>
          </div>
        ) : (
          list
        )}
      </Popover>
    </AriaSelect>
  );
}
