import { Link } from 'wouter';
import type { Engagement } from '../../../shared/contract/shapes.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Muted } from '../../ui/stack.tsx';
import { BudgetBar } from './budget-bar.tsx';
import { engagementStatuses } from './describe-project.ts';
import styles from './engagement-row.module.css';

export interface EngagementRowProps {
  readonly engagement: Engagement;
  readonly href: string;
  /** Shown where the engagements of several projects stand together. */
  readonly showsProject?: boolean;
  /** The person seems to have another engagement of the same project. */
  readonly isDoubled?: boolean;
}

/** One intern on one project: how far, how many hours, what waits. */
export function EngagementRow({
  engagement,
  href,
  showsProject = false,
  isDoubled = false,
}: EngagementRowProps) {
  const { intern, status, taskCount, acceptedCount, waitingForReviewCount, budget } = engagement;
  const { label, tone } = engagementStatuses[status];
  return (
    <div className={styles.row}>
      <Avatar name={intern.name} sizePx={32} />
      <div className={styles.who}>
        <Link href={href} className={styles.name}>
          {intern.name}
        </Link>
        <span className={styles.under}>
          <Badge tone={tone}>{label}</Badge>
          {isDoubled ? <Badge tone="warning">Twice on this project</Badge> : null}
          {showsProject ? (
            <Muted>
              <bdi>{engagement.projectTitle}</bdi>
            </Muted>
          ) : null}
        </span>
      </div>
      <div className={styles.tasks}>
        <span>
          {taskCount === 0 ? (
            <Muted>no tasks{status === 'withdrawn' ? '' : ' yet'}</Muted>
          ) : (
            `${acceptedCount} of ${taskCount} accepted`
          )}
        </span>
        {waitingForReviewCount === 0 ? null : (
          <Badge tone="accent">{waitingForReviewCount} to review</Badge>
        )}
      </div>
      <div className={styles.hours}>
        {status === 'invited' ? (
          <Muted>has not joined yet</Muted>
        ) : status === 'withdrawn' && budget.workedSeconds === 0 ? null : (
          <BudgetBar budget={budget} />
        )}
      </div>
    </div>
  );
}
