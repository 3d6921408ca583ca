import type { DomainRow } from '../database/domain-tables.ts';
import type { MutationStore } from '../database/mutation-store.ts';
import { computeDerivedId } from '../domain/derived-id.ts';
import type { MutationContext } from './mutation.ts';
import { getOwnTask } from './ownership.ts';
import { getOwnEntry, type TimeChange } from './time-changes.ts';

type Timesheet = DomainRow<'timesheets'>;

/**
 * The approved timesheet that a change would touch: one that holds an entry which it changes or adds a part to, or whose
 * days it would add time to. Undefined where nothing is locked.
 */
export async function findLock(
  store: MutationStore,
  change: TimeChange,
  context: MutationContext,
): Promise<Timesheet | undefined> {
  switch (change.kind) {
    case 'add': {
      const task = await getOwnTask(store, change.args.taskId, context.actor);
      return findApprovedPeriod(store, task.engagementId, change.args.startedAt);
    }
    case 'edit':
      return findEntryLock(store, change.args.timeEntryId, change.args.patch.startedAt, context);
    case 'delete':
      return findEntryLock(store, change.args.timeEntryId, undefined, context);
    case 'rearrange': {
      for (const { timeEntryId, patch } of change.args.changes) {
        const lock = await findEntryLock(store, timeEntryId, patch.startedAt, context);
        if (lock !== undefined) return lock;
      }
      for (const { originId, ...args } of change.args.additions) {
        const lock =
          (await findLock(store, { kind: 'add', args }, context)) ??
          (await findOriginLock(store, originId, context));
        if (lock !== undefined) return lock;
      }
      return undefined;
    }
    default:
      throw new Error(`unknown change ${(change satisfies never as TimeChange).kind}`);
  }
}

async function findEntryLock(
  store: MutationStore,
  timeEntryId: string,
  startedAt: string | undefined,
  context: MutationContext,
): Promise<Timesheet | undefined> {
  const entry = await getOwnEntry(store, timeEntryId, context);
  const sheet = await findApprovedSheet(store, entry.timesheetId);
  if (sheet !== undefined) return sheet;
  // What was deleted before the approval, and comes back, comes into approved days as well.
  const comesTo = startedAt ?? (entry.deletedAt === null ? undefined : entry.startedAt);
  return comesTo === undefined ? undefined : findApprovedPeriod(store, entry.engagementId, comesTo);
}

/** A part of an entry comes to stand on the timesheet that the entry stands on, whatever days it lies in. */
async function findOriginLock(
  store: MutationStore,
  originId: string | null,
  { actor }: MutationContext,
): Promise<Timesheet | undefined> {
  // It may be an addition of the same change, which is not there yet.
  const origin = originId === null ? undefined : await store.find('timeEntries', originId);
  if (origin === undefined || origin.membershipId !== actor.membershipId) return undefined;
  return findApprovedSheet(store, origin.timesheetId);
}

/** The timesheet, while it is approved. */
export async function findApprovedSheet(
  store: MutationStore,
  timesheetId: string | null,
): Promise<Timesheet | undefined> {
  const sheet = timesheetId === null ? undefined : await store.find('timesheets', timesheetId);
  return sheet?.state === 'approved' ? sheet : undefined;
}

/** The states in which an entry stays with its timesheet. */
const liveStates: readonly string[] = ['submitted', 'approved'];

export async function standsOnLiveTimesheet(
  store: MutationStore,
  { timesheetId }: DomainRow<'timeEntries'>,
): Promise<boolean> {
  const sheet = timesheetId === null ? undefined : await store.find('timesheets', timesheetId);
  return sheet !== undefined && liveStates.includes(sheet.state);
}

async function findApprovedPeriod(
  store: MutationStore,
  engagementId: string,
  startedAt: string,
): Promise<Timesheet | undefined> {
  const sheets = await store.list('timesheets', { engagementId, state: 'approved' });
  return sheets.find(
    ({ startsAt, endsAt }) =>
      startsAt !== null && endsAt !== null && startsAt <= startedAt && startedAt < endsAt,
  );
}

/**
 * Approved time is locked: a plain change of it, made on a device that had not heard of the approval, becomes a request,
 * so that it is neither done behind the employer's back nor lost.
 *
 * @returns whether it did; false where nothing is locked, and nothing was written.
 */
export async function requestIfLocked(
  store: MutationStore,
  change: TimeChange,
  context: MutationContext,
): Promise<boolean> {
  const lock = await findLock(store, change, context);
  if (lock === undefined) return false;
  const id = computeDerivedId(context.mutationId, 'time-change-request', context.sha256Hex);
  await insertRequest(store, { id, change, reason: '', cameLate: 1 }, lock, context);
  return true;
}

export async function insertRequest(
  store: MutationStore,
  request: {
    readonly id: string;
    readonly change: TimeChange;
    readonly reason: string;
    readonly cameLate: 0 | 1;
  },
  about: { readonly engagementId: string; readonly scope: string; readonly id: string | null },
  context: MutationContext,
): Promise<void> {
  await store.insert('timeChangeRequests', {
    orgId: store.orgId,
    id: request.id,
    scope: about.scope,
    engagementId: about.engagementId,
    timesheetId: about.id,
    membershipId: context.actor.membershipId,
    changeJson: JSON.stringify(request.change),
    reason: request.reason,
    cameLate: request.cameLate,
    state: 'waiting',
    createdAt: context.at,
    decidedBy: null,
    decidedAt: null,
    decisionNote: null,
  });
}
