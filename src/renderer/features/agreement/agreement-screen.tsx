import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useRequest } from '../../client/use-request.ts';
import { useSeat } from '../../frame/seat.tsx';
import { formatDateTime } from '../../format/date-time.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import peopleStyles from '../people/people.module.css';
import { EvaluationSection } from '../evaluation/evaluation-section.tsx';
import { BudgetBar } from '../projects/budget-bar.tsx';
import {
  describeDates,
  describePay,
  engagementStatuses,
  listEndFacts,
} from '../projects/describe-project.ts';
import { Facts } from '../projects/facts.tsx';
import { AmendmentDialog } from './amendment-dialog.tsx';
import { AgreedTerms } from './agreed-terms.tsx';
import { Amendments } from './amendments.tsx';

/** `/agreement/SEAT/ENGAGEMENT`: what the intern agreed on with the employer, and what may change of it. */
export function AgreementScreen() {
  const { seats } = useSeat();
  const [seatId = '', engagementId = ''] = (useParams<{ '*'?: string }>()['*'] ?? '').split('/');
  const isKnown = seats.some((seat) => seat.seatId === seatId);
  const view = useRequest('engagement.get', isKnown ? { seatId, engagementId } : undefined);
  const isCompleted = view.data?.engagement.status === 'completed';
  const evaluations = useRequest(
    'evaluation.get',
    isCompleted ? { seatId, engagementId } : undefined,
  );
  const [isProposing, setIsProposing] = useState(false);
  if (!isKnown || view.isError)
    return (
      <EmptyState title="This agreement is not here" action={<Link href="/today">Today</Link>}>
        The engagement may have ended, or it has not reached this computer yet.
      </EmptyState>
    );
  if (view.isPending) return <Skeleton lines={8} label="Opening the agreement" />;
  const { engagement } = view.data;
  const organizationName = seats.find((seat) => seat.seatId === seatId)?.organizationName ?? '';
  return (
    <Page
      title={engagement.projectTitle}
      width="reading"
      lead={<BackLink href="/today">Today</BackLink>}
    >
      <div className={peopleStyles.budget}>
        <BudgetBar budget={engagement.budget} label="Hours worked" />
      </div>
      <Facts
        facts={[
          { term: 'With', value: organizationName },
          {
            term: 'Status',
            value: (
              <Badge tone={engagementStatuses[engagement.status].tone}>
                {engagementStatuses[engagement.status].label}
              </Badge>
            ),
          },
          { term: 'Pay', value: describePay(engagement.pay) },
          { term: 'Dates', value: describeDates(engagement) },
          {
            term: 'You agreed',
            value: engagement.agreedAt === null ? 'Not yet' : formatDateTime(engagement.agreedAt),
          },
          ...listEndFacts(engagement.endedAt, engagement.endReason),
          ...(engagement.agreedScope === null
            ? []
            : [{ term: 'What the work covers', value: engagement.agreedScope }]),
        ]}
      />
      {evaluations.data === undefined ? null : (
        <EvaluationSection
          seatId={seatId}
          evaluations={evaluations.data}
          other={organizationName}
        />
      )}
      <AgreedTerms seatId={seatId} engagementId={engagementId} isIntern />
      <Amendments
        seatId={seatId}
        engagementId={engagementId}
        onPropose={engagement.status === 'active' ? () => setIsProposing(true) : undefined}
      />
      {isProposing ? (
        <AmendmentDialog
          engagement={engagement}
          otherSide={organizationName}
          onClose={() => setIsProposing(false)}
        />
      ) : null}
    </Page>
  );
}
