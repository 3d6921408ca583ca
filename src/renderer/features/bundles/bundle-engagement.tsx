import { Package } from 'lucide-react';
import { Link } from 'wouter';
import type { Engagement } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatDuration } from '../../format/duration.ts';
import { engagementPath } from '../../routes.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Muted } from '../../ui/stack.tsx';
import { describePay, engagementStatuses } from '../projects/describe-project.ts';
import styles from './bundles.module.css';

export interface BundleEngagementProps {
  readonly engagement: Engagement;
  readonly onComplete: () => void;
  readonly onExport: () => void;
}

/** One engagement with what its bundle would hold. */
export function BundleEngagement({ engagement, onComplete, onExport }: BundleEngagementProps) {
  const { engagementId, intern, status, acceptedCount, taskCount, budget } = engagement;
  return (
    <div className={styles.engagement}>
      <div className={styles.head}>
        <div className={styles.who}>
          <Link href={engagementPath(engagementId)} className={styles.name}>
            {intern.name}
          </Link>
          <Muted>{engagement.projectTitle}</Muted>
          <Badge tone={engagementStatuses[status].tone}>{engagementStatuses[status].label}</Badge>
        </div>
        <div className={styles.actions}>
          {status === 'active' ? <Button onPress={onComplete}>Complete…</Button> : null}
          <Button
            variant={status === 'completed' ? 'primary' : 'secondary'}
            icon={<Package />}
            onPress={onExport}
            aria-label={`Export the work of ${isolate(intern.name)}`}
          >
            Export…
          </Button>
        </div>
      </div>
      <p className={styles.contents}>
        <Muted>
          {acceptedCount} of {formatPlural(taskCount, 'task', 'tasks')} accepted ·{' '}
          {formatDuration(budget.workedSeconds * 1000)} worked · {describePay(engagement.pay)}
        </Muted>
      </p>
    </div>
  );
}
