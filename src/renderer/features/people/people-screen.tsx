import { useDeferredValue, useMemo, useState } from 'react';
import { UserPlus, Users } from 'lucide-react';
import { Redirect, useLocation, useParams } from 'wouter';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useRequest } from '../../client/use-request.ts';
import { useSeat } from '../../frame/seat.tsx';
import { formatDate, formatZoneCity } from '../../format/date-time.ts';
import { engagementPath, projectTaskPath } from '../../routes.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Later } from '../../ui/later.tsx';
import { Page, Section } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted } from '../../ui/stack.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { usePages } from '../../ui/use-pages.tsx';
import { AssignTaskForm } from '../projects/assign-task-form.tsx';
import { EngagementRow } from '../projects/engagement-row.tsx';
import { findDoubled } from '../projects/find-doubled.ts';
import { EndAccessDialog } from './end-access-dialog.tsx';
import { EngagementView } from './engagement-view.tsx';
import { ErasePersonDialog } from './erasure-dialogs.tsx';
import { InvitationTable } from './invitation-table.tsx';
import { InviteToProject } from './invite-to-project.tsx';
import { InviteManagerDialog } from './invite-manager-dialog.tsx';
import { type Member, MemberActions } from './member-actions.tsx';
import { RolesDialog } from './roles-dialog.tsx';
import styles from './people.module.css';

/** `/people`, `/people/ENGAGEMENT` and `/people/ENGAGEMENT/assign`. */
export function PeopleScreen() {
  const { seat, isIntern } = useSeat();
  const { seatId } = seat;
  const [engagementId, section] = (useParams<{ '*'?: string }>()['*'] ?? '').split('/');
  if (isIntern) return <Redirect to="/" replace />;
  if (!engagementId)
    return (
      <Everybody
        seatId={seatId}
        isOwner={seat.role === 'owner'}
        ownMembershipId={seat.membershipId}
      />
    );
  return (
    <LoadedEngagement
      key={engagementId}
      seatId={seatId}
      engagementId={engagementId}
      isAssigning={section === 'assign'}
    />
  );
}

function LoadedEngagement({
  seatId,
  engagementId,
  isAssigning,
}: {
  readonly seatId: string;
  readonly engagementId: string;
  readonly isAssigning: boolean;
}) {
  const [, navigate] = useLocation();
  const view = useRequest('engagement.get', { seatId, engagementId });
  const project = useRequest(
    'project.get',
    isAssigning && view.data !== undefined
      ? { seatId, projectId: view.data.engagement.projectId }
      : undefined,
  );
  // A form that is open stays: somebody writes there, and what is wrong is said when it is sent.
  if (view.isError && (!isAssigning || view.data === undefined)) {
    return (
      <EmptyState
        title="This engagement is not here"
        action={<Button onPress={() => navigate('/people')}>All people</Button>}
      >
        It may belong to another organization, or it has not reached this computer yet.
      </EmptyState>
    );
  }
  if (view.data === undefined) return <Skeleton lines={8} label="Opening the engagement" />;
  if (!isAssigning) return <EngagementView view={view.data} />;
  if (project.data === undefined) return <Skeleton lines={8} label="Preparing the form" />;
  const { engagement } = view.data;
  const leave = () => navigate(engagementPath(engagementId));
  return (
    <Page title={`A task for ${isolate(engagement.intern.name)}`} width="reading">
      <AssignTaskForm
        engagement={engagement}
        zone={project.data.terms.timeZone}
        others={project.data.engagements.filter(
          (other) =>
            other.engagementId !== engagementId &&
            (other.status === 'active' || other.status === 'invited'),
        )}
        onDone={(taskId) => navigate(projectTaskPath(engagement.projectId, taskId))}
        onCancel={leave}
      />
    </Page>
  );
}

/** Whose access is about to be ended. */
interface EndingAccess {
  readonly membershipId: string;
  readonly name: string;
  readonly isIntern: boolean;
}

interface MemberEntry {
  readonly id: string;
  readonly member: Member;
}

/** With fewer, everybody is seen at a glance. */
const findableFrom = 8;

const roleNames = { owner: 'Owner', manager: 'Manager', intern: 'Intern' } as const;

const memberColumns: readonly DataColumn<MemberEntry>[] = [
  {
    id: 'name',
    label: 'Name',
    isRowHeader: true,
    compare: (a, b) => a.member.person.name.localeCompare(b.member.person.name),
    render: ({ member }) => (
      <span className={styles.person}>
        <Avatar name={member.person.name} />
        {member.person.name}
        {member.status === 'removed' ? <Badge>Access ended</Badge> : null}
        {member.erasureAskedAt === null ? null : <Badge tone="warning">Asks for erasure</Badge>}
      </span>
    ),
  },
  {
    id: 'role',
    label: 'Role',
    compare: (a, b) => a.member.role.localeCompare(b.member.role),
    render: ({ member }) => roleNames[member.role],
  },
  {
    id: 'email',
    label: 'E-mail',
    render: ({ member }) => member.person.email ?? '',
  },
  {
    id: 'zone',
    label: 'Time zone',
    render: ({ member }) =>
      member.person.timeZone === null ? '' : formatZoneCity(member.person.timeZone),
  },
  {
    id: 'joined',
    label: 'Joined',
    align: 'end',
    compare: (a, b) => a.member.joinedAt.localeCompare(b.member.joinedAt),
    render: ({ member }) => formatDate(member.joinedAt),
  },
];

type People = RequestOutput<'people.list'>;

const none: readonly never[] = [];

/** Those whose name, e-mail or project has every word. */
function findPeople(
  people: People | undefined,
  text: string,
): {
  readonly engagements: readonly People['engagements'][number][];
  readonly members: readonly People['members'][number][];
} {
  const words = text.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  const { engagements = none, members = none } = people ?? {};
  if (words.length === 0) return { engagements, members };
  const has = (...parts: readonly (string | null)[]) => {
    const whole = parts.join(' ').toLocaleLowerCase();
    return words.every((word) => whole.includes(word));
  };
  return {
    engagements: engagements.filter(({ intern, projectTitle }) =>
      has(intern.name, intern.email, projectTitle),
    ),
    members: members.filter(({ person }) => has(person.name, person.email)),
  };
}

function Everybody({
  seatId,
  isOwner,
  ownMembershipId,
}: {
  readonly seatId: string;
  readonly isOwner: boolean;
  readonly ownMembershipId: string;
}) {
  const [, navigate] = useLocation();
  const [isInviting, setIsInviting] = useState(false);
  const [ending, setEnding] = useState<EndingAccess | null>(null);
  const [erasing, setErasing] = useState<Omit<EndingAccess, 'isIntern'> | null>(null);
  const [showsRoles, setShowsRoles] = useState(false);
  const people = useRequest('people.list', { seatId });
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed);
  const found = useMemo(() => findPeople(people.data, text), [people.data, text]);
  const doubled = useMemo(() => findDoubled(people.data?.engagements ?? none), [people.data]);
  const interns = usePages(found.engagements);
  const entries = useMemo<MemberEntry[]>(
    () =>
      found.members.map((member, index) => ({
        id: member.person.membershipId ?? `member-${index}`,
        member,
      })),
    [found.members],
  );
  const columns = useMemo<readonly DataColumn<MemberEntry>[]>(
    () => [
      ...memberColumns,
      {
        id: 'actions',
        label: 'Access',
        align: 'end',
        render: ({ member }) => {
          const { membershipId, name } = member.person;
          const person = { membershipId: membershipId ?? '', name };
          return (
            <MemberActions
              seatId={seatId}
              member={member}
              isOwner={isOwner}
              ownMembershipId={ownMembershipId}
              onEndAccess={() => setEnding({ ...person, isIntern: member.role === 'intern' })}
              onErase={() => setErasing(person)}
            />
          );
        },
      },
    ],
    [seatId, isOwner, ownMembershipId],
  );
  if (people.isError) {
    return <ErrorNotice error={people.error} onRetry={() => void people.refetch()} />;
  }
  if (people.isPending) return <Skeleton lines={8} label="Fetching the people" />;
  const { engagements, invitations } = people.data;
  return (
    <Page
      title="People"
      actions={
        isOwner ? (
          <Button icon={<UserPlus />} onPress={() => setIsInviting(true)}>
            Invite a manager
          </Button>
        ) : undefined
      }
    >
      {engagements.length < findableFrom ? null : (
        <search className={styles.find}>
          <TextField
            label="Find"
            value={typed}
            onChange={setTyped}
            placeholder="A name, an e-mail address or a project"
          />
        </search>
      )}
      <Section title="Interns" actions={<InviteToProject seatId={seatId} />}>
        {engagements.length === 0 ? (
          <EmptyState
            title="No interns yet"
            icon={<Users />}
            action={
              <Button variant="primary" onPress={() => navigate('/projects')}>
                Go to the projects
              </Button>
            }
          >
            An intern is invited to a project. Open one, or write one first.
          </EmptyState>
        ) : (
          <>
            <ul className={styles.rows}>
              {interns.shown.map((engagement) => (
                <li key={engagement.engagementId}>
                  <EngagementRow
                    engagement={engagement}
                    href={engagementPath(engagement.engagementId)}
                    isDoubled={doubled.has(engagement.engagementId)}
                    showsProject
                  />
                </li>
              ))}
            </ul>
            {found.engagements.length === 0 ? <Muted>Nobody fits.</Muted> : null}
            {interns.more}
          </>
        )}
      </Section>
      <Later>
        <Section title="Invitations">
          {invitations.length === 0 ? (
            <Muted>Nobody was invited yet.</Muted>
          ) : (
            <InvitationTable
              seatId={seatId}
              invitations={invitations}
              doubled={doubled}
              isOwner={isOwner}
            />
          )}
        </Section>
        <Section
          title="Members"
          actions={
            <Button size="small" variant="quiet" onPress={() => setShowsRoles(true)}>
              What each role may do
            </Button>
          }
        >
          <DataTable
            label="Members"
            columns={columns}
            items={entries}
            empty={<Muted>Nobody fits.</Muted>}
          />
        </Section>
      </Later>
      {ending === null ? null : (
        <EndAccessDialog
          seatId={seatId}
          membershipId={ending.membershipId}
          name={ending.name}
          isIntern={ending.isIntern}
          onClose={() => setEnding(null)}
        />
      )}
      {erasing === null ? null : (
        <ErasePersonDialog {...erasing} seatId={seatId} onClose={() => setErasing(null)} />
      )}
      {showsRoles ? <RolesDialog onClose={() => setShowsRoles(false)} /> : null}
      {isInviting ? (
        <InviteManagerDialog seatId={seatId} onClose={() => setIsInviting(false)} />
      ) : null}
    </Page>
  );
}
