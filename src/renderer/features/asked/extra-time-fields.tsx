import { describeFieldError } from '../../client/describe-error.ts';
import { HoursField } from '../../ui/hours-field.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import formStyles from '../projects/form.module.css';
import type { Task } from '../tasks/use-task.ts';
import { DueClocks } from './due-clocks.tsx';

/** Extra time while it is written; a field that was emptied is no number. */
export interface EditedExtraTime {
  readonly days: number;
  readonly hours: number;
}

export interface ExtraTime {
  readonly days: number;
  readonly minutes: number;
}

const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value);

export const computeExtraTime = ({ days, hours }: EditedExtraTime): ExtraTime => ({
  days: orZero(days),
  minutes: Math.round(orZero(hours) * 60),
});

export const isNoTime = ({ days, minutes }: ExtraTime): boolean => days === 0 && minutes === 0;

export interface ExtraTimeFieldsProps {
  readonly task: Task;
  readonly isIntern: boolean;
  readonly value: EditedExtraTime;
  readonly onChange: (value: EditedExtraTime) => void;
  /** Say what is missing. */
  readonly wasTried: boolean;
  readonly error: unknown;
}

/** Days and hours on top of a deadline, in wall time, and when it would be due then for either side. */
export function ExtraTimeFields({
  task,
  isIntern,
  value,
  onChange,
  wasTried,
  error,
}: ExtraTimeFieldsProps) {
  const { due, internName } = task.item;
  const extension = computeExtraTime(value);
  return (
    <>
      <div className={formStyles.pair}>
        <NumberField
          label="Days"
          value={value.days}
          onChange={(days) => onChange({ ...value, days })}
          minValue={0}
          maxValue={365}
          error={
            wasTried && isNoTime(extension)
              ? 'Say how much: at least some time.'
              : describeFieldError(error, 'days')
          }
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
          autoFocus
        />
        <HoursField
          label="Hours"
          value={value.hours}
          onChange={(hours) => onChange({ ...value, hours })}
          minValue={0}
          maxValue={1439 / 60}
          error={describeFieldError(error, 'minutes')}
        />
      </div>
      <output>
        Due then:
        <DueClocks
          deadline={{ wall: due.wall, zone: due.zone }}
          extensions={[extension]}
          zones={task.zones}
          internName={internName}
          isIntern={isIntern}
        />
      </output>
    </>
  );
}
