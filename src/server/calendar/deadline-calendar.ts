import type { Kysely } from 'kysely';
import type { DomainRow } from '../../shared/database/domain-tables.ts';
import { type CalendarEvent, computeCalendarFile } from '../../shared/calendar-file.ts';
import { computeDeadlineInstant, computeExtendedWall } from '../../shared/domain/deadline.ts';
import { computeDeadlineEvent } from '../../shared/domain/deadline-event.ts';
import { engagementScope, isScopeCovered } from '../../shared/domain/scopes.ts';
import type { ServerTables } from '../database/server-tables.ts';
import { listVisibleScopes } from '../sync/membership-lookup.ts';
import { yieldToOthers } from '../sync/yield-to-others.ts';

type Database = Kysely<ServerTables>;

/** How often a calendar should ask, in minutes; it is a wish. */
const refreshMinutes = 60;

/**
 * The deadlines of an account's open tasks in all its organizations on this server, as an iCalendar file: for an intern their own, for
 * owners and managers those of everybody. Whose access has ended, or whose engagement is out of their sight, is told nothing of it
 * (SY-10). Tasks that were accepted or cancelled are left out, so that a calendar drops them.
 */
export async function computeDeadlineCalendar(db: Database, accountId: string): Promise<string> {
  const memberships = await db
    .selectFrom('memberships')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('status', '=', 'active')
    .orderBy('orgId')
    .execute();
  const events: CalendarEvent[] = [];
  for (const membership of memberships)
    for await (const page of listEvents(db, membership)) {
      events.push(...page);
      await yieldToOthers();
    }
  return computeCalendarFile('Stint deadlines', events, { refreshMinutes, pass: yieldToOthers });
}

/** Engagement by engagement: whatever the organization's size, each statement reads what belongs to one of them. */
async function* listEvents(
  db: Database,
  membership: DomainRow<'memberships'>,
): AsyncGenerator<CalendarEvent[]> {
  const isIntern = membership.role === 'intern';
  const scopes = await listVisibleScopes(db, membership);
  for (const engagement of await listEngagements(db, membership, isIntern))
    if (scopes.some((scope) => isScopeCovered(scope, engagementScope(engagement.id))))
      yield await computeEvents(db, membership.orgId, engagement, isIntern);
}

type ActiveEngagement = Awaited<ReturnType<typeof listEngagements>>[number];

async function listEngagements(
  db: Database,
  { orgId, id: membershipId }: DomainRow<'memberships'>,
  isIntern: boolean,
) {
  const active = db
    .selectFrom('engagements')
    .innerJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .innerJoin('organizations', 'organizations.orgId', 'engagements.orgId')
    .leftJoin('memberships', (join) =>
      join
        .onRef('memberships.orgId', '=', 'engagements.orgId')
        .onRef('memberships.id', '=', 'engagements.membershipId'),
    )
    .select([
      'engagements.id',
      'projects.title as project',
      'organizations.name as organization',
      'memberships.displayName',
      'engagements.invitedName',
    ])
    .where('engagements.orgId', '=', orgId)
    .where('engagements.status', '=', 'active')
    .orderBy('engagements.id');
  const seen = isIntern ? active.where('engagements.membershipId', '=', membershipId) : active;
  return await seen.execute();
}

async function computeEvents(
  db: Database,
  orgId: string,
  engagement: ActiveEngagement,
  isIntern: boolean,
): Promise<CalendarEvent[]> {
  const tasks = db
    .selectFrom('tasks')
    .where('tasks.orgId', '=', orgId)
    .where('tasks.engagementId', '=', engagement.id)
    .where('tasks.cancelledAt', 'is', null);
  const accepted = await tasks
    .innerJoin('reviews', (join) =>
      join.onRef('reviews.orgId', '=', 'tasks.orgId').onRef('reviews.taskId', '=', 'tasks.id'),
    )
    .select('tasks.id')
    .where('reviews.counts', '=', 1)
    .where('reviews.decision', '=', 'accepted')
    .execute();
  const isAccepted = new Set(accepted.map(({ id }) => id));
  const deadlines = Map.groupBy(
    await tasks
      .innerJoin('deadlines', (join) =>
        join
          .onRef('deadlines.orgId', '=', 'tasks.orgId')
          .onRef('deadlines.taskId', '=', 'tasks.id'),
      )
      .select([
        'tasks.id as taskId',
        'tasks.title',
        'tasks.deadlineId',
        'deadlines.id',
        'deadlines.wall',
        'deadlines.zone',
        'deadlines.createdAt',
      ])
      .orderBy('tasks.id')
      .execute(),
    ({ taskId }) => taskId,
  );
  const extensions = Map.groupBy(
    await tasks
      .innerJoin('extensions', (join) =>
        join
          .onRef('extensions.orgId', '=', 'tasks.orgId')
          .onRef('extensions.taskId', '=', 'tasks.id'),
      )
      .select([
        'tasks.id as taskId',
        'extensions.days',
        'extensions.minutes',
        'extensions.createdAt',
      ])
      .orderBy('extensions.createdAt')
      .orderBy('extensions.id')
      .execute(),
    ({ taskId }) => taskId,
  );
  return [...deadlines].flatMap(([taskId, set]) => {
    const current = set.find(({ id, deadlineId }) => id === deadlineId);
    if (current === undefined || isAccepted.has(taskId)) return [];
    const { title, zone } = current;
    const extra = extensions.get(taskId) ?? [];
    const wall = computeExtendedWall({ wall: current.wall }, extra);
    const changes = [...set, ...extra].map(({ createdAt }) => createdAt).sort();
    return computeDeadlineEvent({
      taskId,
      title,
      project: engagement.project,
      organization: engagement.organization,
      person: isIntern ? null : (engagement.displayName ?? engagement.invitedName),
      due: { wall, zone, instant: computeDeadlineInstant({ wall, zone }) },
      changedAt: changes.at(-1) ?? '1970-01-01T00:00:00.000Z',
      changes: Math.max(0, changes.length - 1),
    });
  });
}
