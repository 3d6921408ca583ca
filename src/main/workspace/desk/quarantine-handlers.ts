import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { StintError } from '../../../shared/errors.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { loadSyncMarks } from '../work/sync-marks.ts';
import { describeHeldChange } from './held-change.ts';

type QuarantineRequests = Record<
  'quarantine.list' | 'quarantine.accept' | 'quarantine.decline',
  unknown
>;
type QuarantineItem = RequestOutput<'quarantine.list'>[number];
/** Waiting ones first, oldest first; then those decided, the last decision first. */
async function loadQuarantine(seat: Seat): Promise<QuarantineItem[]> {
  const rows = await seat.db
    .selectFrom('quarantinedChanges')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .orderBy('receivedAt')
    .orderBy('id')
    .execute();
  const members = await seat.db
    .selectFrom('memberships')
    .select(['id', 'displayName'])
    .where('orgId', '=', seat.record.orgId)
    .execute();
  const nameById = new Map(members.map(({ id, displayName }) => [id, displayName]));
  const marks = await loadSyncMarks(seat, 'quarantinedChanges');
  const items: QuarantineItem[] = [];
  for (const row of rows) {
    const { taskId, engagementId, ...described } = await describeHeldChange(seat, row);
    const task = taskId === undefined ? undefined : await findTask(seat, taskId);
    items.push({
      quarantineId: row.id,
      label: findMutation(row.name, row.version)?.label ?? row.name,
      membershipId: row.membershipId,
      personName: nameById.get(row.membershipId) ?? '',
      taskTitle: task?.title ?? '',
      projectTitle: task?.projectTitle ?? (await findProjectTitle(seat, engagementId)) ?? '',
      ...described,
      claimedAt: row.claimedAt,
      receivedAt: row.receivedAt,
      state: row.state,
      problem: row.problem,
      decidedByName: row.decidedBy === null ? null : (nameById.get(row.decidedBy) ?? ''),
      decidedAt: row.decidedAt,
      decisionReason: row.decisionReason,
      mark: marks.get(row.id),
    });
  }
  const waiting = items.filter(({ state }) => state === 'waiting');
  const decided = items.filter(({ state }) => state !== 'waiting');
  decided.sort((left, right) => ((left.decidedAt ?? '') < (right.decidedAt ?? '') ? 1 : -1));
  return [...waiting, ...decided];
}

async function findTask(
  seat: Seat,
  taskId: string,
): Promise<{ title: string; projectTitle: string | null } | undefined> {
  return seat.db
    .selectFrom('tasks')
    .leftJoin('engagements', 'engagements.id', 'tasks.engagementId')
    .leftJoin('projects', 'projects.id', 'engagements.projectId')
    .select(['tasks.title', 'projects.title as projectTitle'])
    .where('tasks.orgId', '=', seat.record.orgId)
    .where('tasks.id', '=', taskId)
    .executeTakeFirst();
}

async function findProjectTitle(
  seat: Seat,
  engagementId: string | undefined,
): Promise<string | undefined> {
  if (engagementId === undefined) return undefined;
  const project = await seat.db
    .selectFrom('engagements')
    .innerJoin('projects', 'projects.id', 'engagements.projectId')
    .select('projects.title')
    .where('engagements.orgId', '=', seat.record.orgId)
    .where('engagements.id', '=', engagementId)
    .executeTakeFirst();
  return project?.title;
}

async function getSubject(seat: Seat, quarantineId: string): Promise<string> {
  const item = (await loadQuarantine(seat)).find((each) => each.quarantineId === quarantineId);
  if (item === undefined)
    throw new StintError('not_found', `there is no work ${quarantineId} that waits here`);
  return [item.personName, item.taskTitle || item.projectTitle]
    .filter((part) => part !== '')
    .join(', ');
}

/** SY-10: work that came from people whose access had ended, and what the employer makes of it. */
export const quarantineHandlers = {
  'quarantine.list': async ({ seatId }, workspace) => loadQuarantine(getSeat(workspace, seatId)),

  'quarantine.accept': async ({ seatId, quarantineId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = await getSubject(seat, quarantineId);
    await seat.mutate('quarantine.accept', { id: quarantineId }, { subject });
    return {};
  },

  'quarantine.decline': async ({ seatId, quarantineId, reason }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = await getSubject(seat, quarantineId);
    await seat.mutate('quarantine.decline', { id: quarantineId, reason }, { subject });
    return {};
  },
} satisfies HandlersOf<QuarantineRequests>;
