import type { RequestArguments, RequestOutput } from '../../../shared/contract/contract.ts';
import type { TimeChangeItem } from '../../../shared/contract/hours-requests.ts';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { StintError } from '../../../shared/errors.ts';
import { type TimeChange, timeChangeSchema } from '../../../shared/mutations/time-changes.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import { computeLocalTimeZone } from '../ports/local-time-zone.ts';
import type { Seat } from '../seats/seat.ts';
import { loadPeopleByMembership } from '../work/people-names.ts';
import { loadSyncMarks } from '../work/sync-marks.ts';
import { getTaskRow } from '../work/task-list.ts';
import { getTimeEntry, loadTimeEntries } from '../work/time-entries.ts';

type TimeChangeRequests = Record<
  'hours.requestChange' | 'timeChanges.list' | 'timeChange.decide' | 'timeChange.withdraw',
  unknown
>;

async function createChange(
  seat: Seat,
  workspace: Workspace,
  asked: RequestArguments<'hours.requestChange'>['change'],
): Promise<{ change: TimeChange; subject: string }> {
  if (asked.kind === 'add') {
    const { kind, ...entry } = asked;
    const { title } = await getTaskRow(seat, entry.taskId);
    const timeEntryId = workspace.ports.randomness.uuid();
    const zone = computeLocalTimeZone(workspace.ports);
    return {
      change: { kind, args: { ...entry, timeEntryId, zone, source: 'manual' } },
      subject: title,
    };
  }
  const { timeEntryId } = asked;
  const { startedAt, endedAt, note, taskId, taskTitle } = await getTimeEntry(seat, timeEntryId);
  const seen = { startedAt, endedAt, note, taskId };
  return {
    change:
      asked.kind === 'edit'
        ? { kind: 'edit', args: { timeEntryId, patch: asked.patch, seen } }
        : { kind: 'delete', args: { timeEntryId, deleted: true, seen } },
    subject: taskTitle,
  };
}

async function requestChange(
  { seatId, change: asked, reason }: RequestArguments<'hours.requestChange'>,
  workspace: Workspace,
): Promise<RequestOutput<'hours.requestChange'>> {
  const seat = getSeat(workspace, seatId);
  const { change, subject } = await createChange(seat, workspace, asked);
  const requestId = workspace.ports.randomness.uuid();
  await seat.mutate('timeChange.request', { requestId, change, reason }, { subject });
  return { requestId };
}

function listNamedIds(change: TimeChange): string[] {
  return change.kind === 'rearrange'
    ? change.args.changes.map(({ timeEntryId }) => timeEntryId)
    : [change.args.timeEntryId];
}

/** The task of what is added, or of the first entry that is changed. */
function findTaskId(change: TimeChange, entries: readonly TimeEntry[]): string | undefined {
  if (change.kind === 'add') return change.args.taskId;
  if (change.kind === 'rearrange' && entries.length === 0) return change.args.additions[0]?.taskId;
  return entries[0]?.taskId;
}

async function loadItems(
  seat: Seat,
  filter: { readonly engagementId?: string | undefined; readonly requestId?: string },
): Promise<TimeChangeItem[]> {
  let query = seat.db
    .selectFrom('timeChangeRequests')
    .leftJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'timeChangeRequests.orgId')
        .onRef('engagements.id', '=', 'timeChangeRequests.engagementId'),
    )
    .leftJoin('projects', (join) =>
      join
        .onRef('projects.orgId', '=', 'engagements.orgId')
        .onRef('projects.id', '=', 'engagements.projectId'),
    )
    .selectAll('timeChangeRequests')
    .select('projects.title as projectTitle')
    .where('timeChangeRequests.orgId', '=', seat.record.orgId)
    .orderBy('timeChangeRequests.createdAt', 'desc')
    .orderBy('timeChangeRequests.id', 'desc');
  if (filter.engagementId !== undefined)
    query = query.where('timeChangeRequests.engagementId', '=', filter.engagementId);
  if (filter.requestId !== undefined)
    query = query.where('timeChangeRequests.id', '=', filter.requestId);
  const rows = await query.execute();
  const people = await loadPeopleByMembership(seat);
  const marks = await loadSyncMarks(seat, 'timeChangeRequests');
  const items: TimeChangeItem[] = [];
  for (const row of rows) {
    const change = timeChangeSchema.parse(JSON.parse(row.changeJson));
    const entries: TimeEntry[] = [];
    for (const timeEntryId of listNamedIds(change))
      entries.push(...(await loadTimeEntries(seat, { timeEntryId })));
    const taskId = findTaskId(change, entries);
    const task =
      taskId === undefined
        ? undefined
        : await seat.db
            .selectFrom('tasks')
            .select('title')
            .where('orgId', '=', seat.record.orgId)
            .where('id', '=', taskId)
            .executeTakeFirst();
    items.push({
      seatId: seat.record.seatId,
      requestId: row.id,
      engagementId: row.engagementId,
      timesheetId: row.timesheetId,
      projectTitle: row.projectTitle ?? '',
      internName: people.get(row.membershipId)?.name ?? '',
      change,
      entries,
      taskTitle: task?.title ?? '',
      reason: row.reason,
      cameLate: row.cameLate === 1,
      state: row.state,
      createdAt: row.createdAt,
      deciderName: row.decidedBy === null ? null : (people.get(row.decidedBy)?.name ?? ''),
      decidedAt: row.decidedAt,
      decisionNote: row.decisionNote,
      mark: marks.get(row.id),
    });
  }
  const waits = ({ state }: TimeChangeItem) => (state === 'waiting' ? 0 : 1);
  return items.sort((left, right) => waits(left) - waits(right));
}

async function getItem(seat: Seat, requestId: string): Promise<TimeChangeItem> {
  const [item] = await loadItems(seat, { requestId });
  if (item === undefined)
    throw new StintError('not_found', `there is no request ${requestId} here`, {
      field: 'requestId',
    });
  return item;
}

export const timeChangeHandlers = {
  'hours.requestChange': requestChange,
  'timeChanges.list': async ({ seatId, engagementId }, workspace) =>
    loadItems(getSeat(workspace, seatId), { engagementId }),
  'timeChange.decide': async ({ seatId, ...answer }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { internName } = await getItem(seat, answer.requestId);
    await seat.mutate('timeChange.decide', answer, { subject: internName });
    return {};
  },
  'timeChange.withdraw': async ({ seatId, requestId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { taskTitle } = await getItem(seat, requestId);
    await seat.mutate('timeChange.withdraw', { requestId }, { subject: taskTitle });
    return {};
  },
} satisfies HandlersOf<TimeChangeRequests>;
