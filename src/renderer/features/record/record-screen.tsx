import { Award } from 'lucide-react';
import { Link, Redirect } from 'wouter';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useRequest } from '../../client/use-request.ts';
import { useSeat } from '../../frame/seat.tsx';
import { agreementPath } from '../../routes.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Stack } from '../../ui/stack.tsx';
import { EvaluationSection } from '../evaluation/evaluation-section.tsx';

/** What an intern has completed, and what was said of it. */
export function RecordScreen() {
  const { seats, scopeSeatId, isIntern } = useSeat();
  if (!isIntern) return <Redirect to="/" replace />;
  const own = seats.filter(
    ({ seatId, role }) =>
      role === 'intern' && (scopeSeatId === undefined || scopeSeatId === seatId),
  );
  return (
    <Page title="Record" width="reading">
      {own.map(({ seatId, organizationName }) => (
        <SeatRecord key={seatId} seatId={seatId} organizationName={organizationName} />
      ))}
    </Page>
  );
}

function SeatRecord({
  seatId,
  organizationName,
}: {
  readonly seatId: string;
  readonly organizationName: string;
}) {
  const list = useRequest('evaluation.list', { seatId });
  if (list.isError) return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Skeleton lines={4} label="Fetching what you completed" />;
  if (list.data.length === 0)
    return (
      <EmptyState title={`Nothing completed at ${isolate(organizationName)} yet`} icon={<Award />}>
        When an engagement is complete, it stands here with what both of you said of it.
      </EmptyState>
    );
  return list.data.map((evaluations) => (
    <Stack key={evaluations.engagementId} gap={2}>
      <EvaluationSection
        seatId={seatId}
        evaluations={evaluations}
        other={organizationName}
        title={evaluations.projectTitle}
      />
      <p>
        <Link href={agreementPath(seatId, evaluations.engagementId)}>What was agreed</Link>
      </p>
    </Stack>
  ));
}
