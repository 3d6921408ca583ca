import type { Submission } from '../../../shared/contract/shapes.ts';
import { localZone } from '../../format/locale.ts';
import { cx } from '../../ui/cx.ts';
import { DualTime } from '../../ui/dual-time.tsx';
import { computeEvidence, type Evidence, type Owner } from './describe-evidence.ts';
import styles from './time-evidence.module.css';

const standings: Record<Evidence['standing'], string> = {
  proven: 'proven',
  claimed: 'claimed',
  agreed: '',
};

export interface TimeEvidenceProps {
  readonly submission: Submission;
  readonly owner: Owner;
}

/** What is proven and what is claimed about when work was handed in, in both zones (SY-18, SY-19). */
export function TimeEvidence({ submission, owner }: TimeEvidenceProps) {
  const zone = submission.deadlineZone ?? localZone;
  return (
    <dl className={styles.list}>
      {computeEvidence(submission, owner).map(({ id, term, instant, standing, text }) => (
        <div key={id} className={styles.item}>
          <dt className={styles.term}>{term}</dt>
          <dd className={styles.fact}>
            {instant === null ? null : (
              <span className={styles.time}>
                <DualTime instant={instant} zone={zone} />
              </span>
            )}
            {instant === null || standing === 'agreed' ? null : (
              <span className={cx(styles.standing, standing === 'proven' && styles.proven)}>
                {standings[standing]}
              </span>
            )}
            <span className={styles.text}>{text}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
