import {
  formatDateTime,
  formatTime,
  formatZoneCity,
  type InstantLike,
} from '../format/date-time.ts';
import { localZone } from '../format/locale.ts';
import { cx } from './cx.ts';
import styles from './dual-time.module.css';

export interface DualTimeProps {
  /** The deadline as an instant; `computeDeadlineInstant` makes one of a wall time and a zone. */
  readonly instant: InstantLike;
  /** The IANA zone it was set in. */
  readonly zone: string;
}

/** A deadline in the reader's own zone, and in the zone it was set in where the two differ (SY-19). */
export function DualTime({ instant, zone }: DualTimeProps) {
  const here = formatDateTime(instant, localZone);
  const there = formatDateTime(instant, zone);
  const isSame = here === there;
  const hereDay = here.replace(formatTime(instant, localZone), '');
  const thereTime = formatTime(instant, zone);
  const isSameDay = hereDay === there.replace(thereTime, '');
  return (
    <time dateTime={new Date(instant).toISOString()} className={styles.time}>
      <span className={styles.side}>
        {here}
        {isSame ? null : <span className={styles.zone}> {formatZoneCity(localZone)}</span>}
      </span>
      {isSame ? null : (
        <>
          {' '}
          <span className={cx(styles.side, styles.other)} title={zone}>
            · {isSameDay ? thereTime : there} {formatZoneCity(zone)}
          </span>
        </>
      )}
    </time>
  );
}
