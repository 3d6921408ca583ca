import type { WaitingChange } from '../../../shared/contract/sync-requests.ts';
import { formatDay, formatTime } from '../../format/date-time.ts';
import { Mark } from '../../ui/mark.tsx';
import { describeChangeSubject } from './describe-change.ts';
import styles from './waiting-screen.module.css';

const stateTexts: Partial<Record<WaitingChange['state'], string>> = {
  held: 'Waits for the one that was refused',
  with_employer: 'Waits for their decision',
  confirming: 'Arrived; waits for the confirmation',
};

export function ChangeLine({ change }: { readonly change: WaitingChange }) {
  const { state, label, claimedAt, organizationName } = change;
  const subject = describeChangeSubject(change);
  const isMoving = state === 'sending' || state === 'confirming';
  return (
    <li className={styles.line}>
      <span className={styles.what}>
        {label}
        {subject === '' ? null : <span className={styles.quiet}> {subject}</span>}
      </span>
      <span className={styles.when}>
        {stateTexts[state] ?? organizationName}, {formatDay(claimedAt)} {formatTime(claimedAt)}
      </span>
      <Mark state={state === 'with_employer' ? 'server' : isMoving ? 'sending' : 'local'} />
    </li>
  );
}
