import type { Kysely } from 'kysely';
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
  for (const membership of memberships) {
    const scopes = await listVisibleScopes(db, membership);
    const isVisible = (engagementId: string): boolean =>
      scopes.some((scope) => isScopeCovered(scope, engagementScope(engagementId)));
    events.push(
      ...(await listEvents(db, membership.orgId, membership.role === 'intern', isVisible)),
    );
  }
  return computeCalendarFile('Stint deadlines', events, { refreshMinutes, pass: yieldToOthers });
}

async function listEvents(
  db: Database,
  orgId: string,
  isIntern: boolean,
  isVisible: (engagementId: string) => boolean,
): Promise<CalendarEvent[]> {
  const tasks = await db
    .selectFrom('tasks')
    .innerJoin('deadlines', (join) =>
      join
        .onRef('deadlines.orgId', '=', 'tasks.orgId')
        .onRef('deadlines.id', '=', 'tasks.deadlineId'),
    )
    .innerJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'tasks.orgId')
        .onRef('engagements.id', '=', 'tasks.engagementId'),
    )
    .innerJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .innerJoin('organizations', 'organizations.orgId', 'tasks.orgId')
    .leftJoin('memberships', (join) =>
      join
        .onRef('memberships.orgId', '=', 'engagements.orgId')
        .onRef('memberships.id', '=', 'engagements.membershipId'),
    )
    .select([
      'tasks.id',
      'tasks.title',
      'tasks.engagementId',
      'deadlines.wall',
      'deadlines.zone',
      'projects.title as project',
      'organizations.name as organization',
      'memberships.displayName',
      'engagements.invitedName',
    ])
    .where('tasks.orgId', '=', orgId)
    .where('tasks.cancelledAt', 'is', null)
    .where('engagements.status', '=', 'active')
    .orderBy('tasks.id')
    .execute();
  const accepted = new Set(
    (
      await db
        .selectFrom('reviews')
        .select('taskId')
        .where('orgId', '=', orgId)
        .where('counts', '=', 1)
        .where('decision', '=', 'accepted')
        .execute()
    ).map(({ taskId }) => taskId),
  );
  const extensions = Map.groupBy(
    await db
      .selectFrom('extensions')
      .select(['taskId', 'days', 'minutes', 'createdAt'])
      .where('orgId', '=', orgId)
      .orderBy('createdAt')
      .orderBy('id')
      .execute(),
    ({ taskId }) => taskId,
  );
  const set = Map.groupBy(
    await db
      .selectFrom('deadlines')
      .select(['taskId', 'createdAt'])
      .where('orgId', '=', orgId)
      .orderBy('createdAt')
      .execute(),
    ({ taskId }) => taskId,
  );
  return tasks
    .filter(({ id, engagementId }) => !accepted.has(id) && isVisible(engagementId))
    .map((task) => {
      const { id, title, project, organization, zone } = task;
      const extra = extensions.get(id) ?? [];
      const wall = computeExtendedWall({ wall: task.wall }, extra);
      const changes = [...(set.get(id) ?? []), ...extra].map(({ createdAt }) => createdAt).sort();
      return computeDeadlineEvent({
        taskId: id,
        title,
        project,
        organization,
        person: isIntern ? null : (task.displayName ?? task.invitedName),
        due: { wall, zone, instant: computeDeadlineInstant({ wall, zone }) },
        changedAt: changes.at(-1) ?? '1970-01-01T00:00:00.000Z',
        changes: Math.max(0, changes.length - 1),
      });
    });
}
