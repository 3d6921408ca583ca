import { NumberField, type NumberFieldProps } from './number-field.tsx';
import { computeWholeMinutes } from './whole-minutes.ts';

const quarter = 0.25;

/** Enough to tell one minute from the next. */
const formatOptions = { maximumFractionDigits: 2 } as const;

export interface HoursFieldProps extends Pick<
  NumberFieldProps,
  'label' | 'description' | 'error' | 'isOptional' | 'unit' | 'onType' | 'onBlur'
> {
  /** NaN while the field is empty. */
  readonly value: number;
  readonly onChange: (hours: number) => void;
  /** What less than a minute becomes: a quarter of an hour, or none. */
  readonly minValue?: 0 | 0.25;
  readonly maxValue?: number;
}

/** Hours, to the minute: the arrow keys go by quarters, and neither what is shown nor what is typed is rounded to them. */
export function HoursField({
  minValue = quarter,
  maxValue = 1000,
  onChange,
  ...rest
}: HoursFieldProps) {
  return (
    <NumberField
      {...rest}
      onChange={(hours) => onChange(computeWholeMinutes(hours, minValue, maxValue))}
      minValue={minValue}
      maxValue={maxValue}
      step={quarter}
      // Not `snap`: that shows another number than there is. Nor is one beside the steps invalid.
      commitBehavior="validate"
      validationBehavior="aria"
      formatOptions={formatOptions}
    />
  );
}
