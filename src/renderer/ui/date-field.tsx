import { parseDate, parseTime, type CalendarDate, type Time } from '@internationalized/date';
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  CalendarHeading,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  Group,
  Popover,
  TimeField as AriaTimeField,
} from 'react-aria-components';
import { cx } from './cx.ts';
import { Later } from './later.tsx';
import { FieldLabel, FieldNotes, type FieldTexts } from './field-parts.tsx';
import buttonStyles from './button.module.css';
import styles from './field.module.css';
import overlayStyles from './overlay.module.css';

const navigationButton = cx(buttonStyles.button, buttonStyles.quiet, buttonStyles.square);

export interface DateFieldProps extends FieldTexts {
  /** `YYYY-MM-DD`, or the empty string. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly min?: string;
  readonly max?: string;
  readonly isDisabled?: boolean;
  readonly isRequired?: boolean;
}

export function DateField({
  value,
  onChange,
  min,
  max,
  isDisabled = false,
  isRequired = false,
  ...texts
}: DateFieldProps) {
  return (
    <DatePicker<CalendarDate>
      value={value === '' ? null : parseDate(value)}
      onChange={(date) => onChange(date === null ? '' : date.toString())}
      {...(min === undefined ? {} : { minValue: parseDate(min) })}
      {...(max === undefined ? {} : { maxValue: parseDate(max) })}
      isDisabled={isDisabled}
      isRequired={isRequired}
      shouldForceLeadingZeros
      {...(texts.error === undefined ? {} : { isInvalid: true })}
      className={cx(styles.field)}
    >
      <FieldLabel {...texts} />
      <Group className={cx(styles.group)}>
        <DateInput className={cx(styles.segments)}>
          {(segment) => <DateSegment segment={segment} className={cx(styles.segment)} />}
        </DateInput>
        <Button className={cx(navigationButton, buttonStyles.small)}>
          <CalendarDays aria-hidden />
        </Button>
      </Group>
      <FieldNotes {...texts} />
      <Popover offset={4} className={cx(overlayStyles.popover)}>
        <Dialog className={cx(styles.calendar)}>
          <Calendar>
            <header>
              <Button slot="previous" className={navigationButton}>
                <ChevronLeft aria-hidden />
              </Button>
              <CalendarHeading />
              <Button slot="next" className={navigationButton}>
                <ChevronRight aria-hidden />
              </Button>
            </header>
            <CalendarGrid>
              <CalendarGridHeader>
                {(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}
              </CalendarGridHeader>
              <CalendarGridBody>
                {(date) => <CalendarCell date={date} className={cx(styles.day)} />}
              </CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
  );
}

/** One that takes its place at once and can be used a moment later: for a filter above that for which somebody comes. */
export function LaterDateField(props: DateFieldProps) {
  return (
    <Later
      placeholder={
        <div className={styles.field} aria-hidden>
          <span className={styles.label}>{props.label}</span>
          <div className={styles.group} />
        </div>
      }
    >
      <DateField {...props} />
    </Later>
  );
}

export interface TimeFieldProps extends FieldTexts {
  /** Wall time, `HH:MM`, or the empty string. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isDisabled?: boolean;
  readonly isRequired?: boolean;
}

export function TimeField({
  value,
  onChange,
  isDisabled = false,
  isRequired = false,
  ...texts
}: TimeFieldProps) {
  return (
    <AriaTimeField<Time>
      value={value === '' ? null : parseTime(value)}
      onChange={(time) => onChange(time === null ? '' : time.toString().slice(0, 5))}
      granularity="minute"
      isDisabled={isDisabled}
      isRequired={isRequired}
      shouldForceLeadingZeros
      {...(texts.error === undefined ? {} : { isInvalid: true })}
      className={cx(styles.field)}
    >
      <FieldLabel {...texts} />
      <Group className={cx(styles.group)}>
        <DateInput className={cx(styles.segments)}>
          {(segment) => <DateSegment segment={segment} className={cx(styles.segment)} />}
        </DateInput>
      </Group>
      <FieldNotes {...texts} />
    </AriaTimeField>
  );
}
