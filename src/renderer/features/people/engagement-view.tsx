import { useMemo, useState } from 'react';
import { Ellipsis, ListPlus, Package } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { TaskItem } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useRequest } from '../../client/use-request.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { formatDateTime, formatZoneCity } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';
import { engagementPath, projectPath, projectTaskPath } from '../../routes.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { DualTime } from '../../ui/dual-time.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Mark } from '../../ui/mark.tsx';
import { toMarkState } from '../../ui/mark-of.ts';
import { Menu } from '../../ui/menu.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import { Muted } from '../../ui/stack.tsx';
import { AmendmentDialog } from '../agreement/amendment-dialog.tsx';
import { AgreedTerms } from '../agreement/agreed-terms.tsx';
import { Amendments } from '../agreement/amendments.tsx';
import { EvaluationSection } from '../evaluation/evaluation-section.tsx';
import { ExportDialog, isExportable } from '../bundles/export-dialog.tsx';
import { BudgetBar } from '../projects/budget-bar.tsx';
import { CompleteEngagementDialog } from '../projects/complete-engagement-dialog.tsx';
import {
  describeDates,
  describePay,
  engagementStatuses,
  listEndFacts,
} from '../projects/describe-project.ts';
import { Facts } from '../projects/facts.tsx';
import { InvitationLink } from '../projects/invitation-link.tsx';
import { isOpenForWork, StateBadge } from '../tasks/task-state.tsx';
import { EndAccessDialog } from './end-access-dialog.tsx';
import { EndEngagementDialog } from './end-engagement-dialog.tsx';
import styles from './people.module.css';

interface TaskEntry extends TaskItem {
  readonly id: string;
}

const columns: readonly DataColumn<TaskEntry>[] = [
  {
    id: 'title',
    label: 'Task',
    isRowHeader: true,
    compare: (a, b) => a.title.localeCompare(b.title),
    render: (task) => (
      <Link href={projectTaskPath(task.projectId, task.taskId)} className={styles.title}>
        {task.title}
      </Link>
    ),
  },
  {
    id: 'state',
    label: 'State',
    compare: (a, b) => a.state.localeCompare(b.state),
    render: (task) => (
      <span className={styles.badges}>
        <StateBadge state={task.state} />
        {task.isOverdue ? <Badge tone="negative">Overdue</Badge> : null}
        {task.hasUnseenBrief && task.newestRevision === null && isOpenForWork(task) ? (
          <Badge>{task.isOpened ? 'New brief not seen yet' : 'Not opened yet'}</Badge>
        ) : null}
      </span>
    ),
  },
  {
    id: 'due',
    label: 'Due',
    compare: (a, b) => a.due.instant.localeCompare(b.due.instant),
    render: (task) => (
      <>
        <DualTime instant={task.due.instant} zone={task.due.zone} />
        {task.due.isExtended ? <Muted>, extended</Muted> : null}
      </>
    ),
  },
  {
    id: 'worked',
    label: 'Worked',
    align: 'end',
    compare: (a, b) => a.workedSeconds - b.workedSeconds,
    render: (task) => (
      <span className={styles.worked}>
        {formatDuration(task.workedSeconds * 1000)}
        {task.estimateMinutes === null ? null : (
          <Muted> of {formatDuration(task.estimateMinutes * 60_000)}</Muted>
        )}
      </span>
    ),
  },
  {
    id: 'mark',
    label: 'Saved',
    align: 'end',
    render: (task) => <Mark state={toMarkState(task.mark)} />,
  },
];

export interface EngagementViewProps {
  readonly view: RequestOutput<'engagement.get'>;
}

/** One intern on one project: the terms agreed, hours against the budget, tasks. */
export function EngagementView({ view }: EngagementViewProps) {
  const { engagement, tasks } = view;
  const { seatId, engagementId, projectId, status, intern } = engagement;
  const [dialog, setDialog] = useState<'complete' | 'end' | 'access' | 'amend' | 'export' | null>(
    null,
  );
  const [, navigate] = useLocation();
  const people = useRequest('people.list', status === 'invited' ? { seatId } : undefined);
  const evaluations = useRequest(
    'evaluation.get',
    status === 'completed' ? { seatId, engagementId } : undefined,
  );
  const invitation = people.data?.invitations.find(
    (each) => each.engagementId === engagementId && each.state === 'open',
  );
  const entries = useMemo<TaskEntry[]>(
    () => tasks.map((task) => ({ ...task, id: task.taskId })),
    [tasks],
  );
  const isOpen = status === 'invited' || status === 'active';
  const isAllAccepted =
    engagement.taskCount > 0 && engagement.acceptedCount === engagement.taskCount;
  const assign = () => navigate(`${engagementPath(engagementId)}/assign`);
  useShortcut({ keys: ['N'], label: 'Assign a task', group: 'Engagement' }, assign, isOpen);

  return (
    <Page
      title={intern.name}
      lead={
        <BackLink href={projectPath(projectId)}>
          <bdi>{engagement.projectTitle}</bdi>
        </BackLink>
      }
      actions={
        isOpen ? (
          <>
            {status === 'active' ? (
              <Button
                variant={isAllAccepted ? 'primary' : 'secondary'}
                onPress={() => setDialog('complete')}
              >
                Complete
              </Button>
            ) : null}
            <Button
              variant={isAllAccepted ? 'secondary' : 'primary'}
              icon={<ListPlus />}
              keys={['N']}
              onPress={assign}
            >
              Assign a task
            </Button>
            <Menu
              label="Engagement"
              placement="bottom end"
              trigger={<IconButton label="More" icon={<Ellipsis />} />}
              items={[
                {
                  id: 'end',
                  label: 'End it early…',
                  isDanger: true,
                  onAction: () => setDialog('end'),
                },
                ...(isExportable(engagement)
                  ? [
                      {
                        id: 'export',
                        label: 'Export a bundle…',
                        description: 'One file with everything handed in so far',
                        onAction: () => setDialog('export'),
                      },
                    ]
                  : []),
                ...(intern.membershipId === null
                  ? []
                  : [
                      {
                        id: 'access',
                        label: 'End their access…',
                        isDanger: true,
                        onAction: () => setDialog('access'),
                      },
                    ]),
              ]}
            />
          </>
        ) : status === 'completed' ? (
          <Button variant="primary" icon={<Package />} onPress={() => setDialog('export')}>
            Export…
          </Button>
        ) : null
      }
    >
      <div className={styles.budget}>
        <BudgetBar budget={engagement.budget} label="Hours worked" />
      </div>
      <Facts
        facts={[
          {
            term: 'Status',
            value: (
              <Badge tone={engagementStatuses[status].tone}>
                {engagementStatuses[status].label}
              </Badge>
            ),
          },
          {
            term: 'Tasks accepted',
            value: `${engagement.acceptedCount} of ${engagement.taskCount}`,
          },
          {
            term: 'Waiting for review',
            value:
              engagement.waitingForReviewCount === 0 ? (
                'Nothing'
              ) : (
                <Link href="/review">{engagement.waitingForReviewCount}</Link>
              ),
          },
          { term: 'Pay', value: describePay(engagement.pay) },
          { term: 'Dates', value: describeDates(engagement) },
          {
            term: 'Agreed',
            value: engagement.agreedAt === null ? 'Not yet' : formatDateTime(engagement.agreedAt),
          },
          ...listEndFacts(engagement.endedAt, engagement.endReason),
          ...(engagement.agreedScope === null
            ? []
            : [{ term: 'What the work covers', value: engagement.agreedScope }]),
          ...(intern.timeZone === null
            ? []
            : [{ term: 'Their time zone', value: formatZoneCity(intern.timeZone) }]),
          ...(intern.email === null ? [] : [{ term: 'E-mail', value: intern.email }]),
        ]}
      />
      {status !== 'invited' || invitation === undefined ? null : invitation.link === null ? (
        <Notice title={`${isolate(intern.name)} has not joined yet`}>
          The link is on the computer that made it.
        </Notice>
      ) : (
        <Section title={`${isolate(intern.name)} has not joined yet`}>
          <InvitationLink
            link={invitation.link}
            name={intern.name}
            isOnServer={invitation.isOnServer}
          />
        </Section>
      )}
      {evaluations.data === undefined ? null : (
        <EvaluationSection seatId={seatId} evaluations={evaluations.data} other={intern.name} />
      )}
      <Section title="Tasks">
        {entries.length === 0 ? (
          <EmptyState
            title="No tasks yet"
            action={isOpen ? <Button onPress={assign}>Assign the first task</Button> : undefined}
          >
            A task says what is to be done, by when, and how both of you will know that it is done.
          </EmptyState>
        ) : (
          <DataTable label={`Tasks of ${isolate(intern.name)}`} columns={columns} items={entries} />
        )}
      </Section>
      <AgreedTerms seatId={seatId} engagementId={engagementId} />
      <Amendments
        seatId={seatId}
        engagementId={engagementId}
        onPropose={status === 'active' ? () => setDialog('amend') : undefined}
      />
      {dialog === 'amend' ? (
        <AmendmentDialog
          engagement={engagement}
          otherSide={intern.name}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'export' ? (
        <ExportDialog
          seatId={seatId}
          engagementIds={[engagementId]}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'complete' ? (
        <CompleteEngagementDialog engagement={engagement} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'access' && intern.membershipId !== null ? (
        <EndAccessDialog
          seatId={seatId}
          membershipId={intern.membershipId}
          name={intern.name}
          isIntern
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'end' ? (
        <EndEngagementDialog engagement={engagement} onClose={() => setDialog(null)} />
      ) : null}
    </Page>
  );
}
