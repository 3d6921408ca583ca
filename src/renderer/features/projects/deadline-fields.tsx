import { Temporal } from 'temporal-polyfill';
import { computeDeadlineInstant } from '../../../shared/domain/deadline.ts';
import type { Deadline } from '../../../shared/domain/fields.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { computeKnownZone } from '../../../shared/domain/known-zone.ts';
import { formatDateTime, formatRelative, formatZoneCity } from '../../format/date-time.ts';
import { localZone } from '../../format/locale.ts';
import { DateField, TimeField } from '../../ui/date-field.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { useMinuteNowMs } from '../tasks/due-phrase.tsx';
import styles from './deadline-fields.module.css';

/** A deadline being written; the parts are empty until they are chosen. */
export interface EditedDeadline {
  readonly date: string;
  readonly time: string;
  readonly zone: string;
}

export function computeEditedDeadline({ wall, zone }: Deadline): EditedDeadline {
  const [date = '', time = ''] = wall.split('T');
  return { date, time: time.slice(0, 5), zone };
}

/** Extra time is given in wall time: the difference of two readings of one clock, whatever its zone does. */
export function computeWallMinutesBetween(from: string, to: string): number {
  return Temporal.PlainDateTime.from(from).until(Temporal.PlainDateTime.from(to)).total('minutes');
}

/** Undefined until it is complete. */
export function findDeadline({ date, time, zone }: EditedDeadline): Deadline | undefined {
  return date === '' || time === '' ? undefined : { wall: `${date}T${time}`, zone };
}

export interface DeadlineFieldsProps {
  readonly value: EditedDeadline;
  readonly onChange: (value: EditedDeadline) => void;
  readonly intern: { readonly name: string; readonly timeZone: string | null };
  readonly error?: string | undefined;
  /** Extra time that was given and comes on top, in wall time. */
  readonly extraMinutes?: number;
  /** "Due on" by default. */
  readonly dateLabel?: string;
}

/** Date, time and zone, and below them what that means where each side is. */
export function DeadlineFields({
  value,
  onChange,
  intern,
  error,
  extraMinutes = 0,
  dateLabel = 'Due on',
}: DeadlineFieldsProps) {
  const nowMs = useMinuteNowMs();
  const deadline = findDeadline(value);
  const instant =
    deadline === undefined
      ? undefined
      : computeDeadlineInstant({ ...deadline, zone: computeKnownZone(deadline.zone) }, [
          { days: 0, minutes: extraMinutes },
        ]);
  const sides =
    instant === undefined
      ? []
      : [
          { whose: 'For you', zone: localZone },
          ...(intern.timeZone === null
            ? []
            : [{ whose: `For ${isolate(intern.name)}`, zone: intern.timeZone }]),
        ];
  const isPast = instant !== undefined && Date.parse(instant) < nowMs;
  return (
    <div className={styles.deadline}>
      <div className={styles.fields}>
        <DateField
          label={dateLabel}
          value={value.date}
          onChange={(date) => onChange({ ...value, date })}
          error={error}
        />
        <TimeField
          label="At"
          value={value.time}
          onChange={(time) => onChange({ ...value, time })}
        />
        <ZoneField
          label="In the time of"
          value={value.zone}
          onChange={(zone) => onChange({ ...value, zone })}
        />
      </div>
      {instant === undefined ? null : (
        <output className={styles.sides}>
          {extraMinutes === 0 ? null : (
            <span className={styles.whose}>With the extra time, it is due:</span>
          )}
          {sides.map(({ whose, zone }) => (
            <span key={whose}>
              <span className={styles.whose}>
                {whose} ({formatZoneCity(zone)})
              </span>{' '}
              {formatDateTime(instant, zone)}
            </span>
          ))}
          <span className={isPast ? styles.past : styles.whose}>
            {isPast ? 'This has passed already: ' : ''}
            {formatRelative(instant)}
          </span>
          {intern.timeZone === null ? (
            <span className={styles.whose}>
              <bdi>{intern.name}</bdi>’s own time is known on joining.
            </span>
          ) : null}
        </output>
      )}
    </div>
  );
}
