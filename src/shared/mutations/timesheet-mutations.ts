import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import {
  dateSchema,
  idSchema,
  instantSchema,
  textSchema,
  timeZoneSchema,
} from '../domain/fields.ts';
import { computeRoundingColumns } from '../domain/rounding.ts';
import { computeTimesheetHash } from '../domain/timesheet-hash.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles, internRole, type MutationContext } from './mutation.ts';
import { assertNoOverlap } from './overlap-rule.ts';
import { assertSameWords } from './same-decision.ts';
import { standsOnLiveTimesheet } from './time-locks.ts';
import { computeTermsThatHold } from './terms-that-hold.ts';

const noteSchema = textSchema.max(2000);

/** What one timesheet holds at most. */
export const maximumTimesheetEntries = 5000;

/**
 * Hands in time entries for approval. What stands on another timesheet already that is submitted or approved stays
 * there; an entry that came back goes with the new one.
 */
export const submitTimesheet = defineMutation({
  name: 'timesheet.submit',
  version: 1,
  schema: z.object({
    timesheetId: idSchema,
    engagementId: idSchema,
    kind: z.enum(['period', 'work']),
    startsOn: dateSchema,
    endsOn: dateSchema,
    zone: timeZoneSchema,
    startsAt: instantSchema.nullable(),
    endsAt: instantSchema.nullable(),
    taskId: idSchema.nullable(),
    submissionId: idSchema.nullable(),
    note: noteSchema,
    timeEntryIds: z.array(idSchema).min(1).max(maximumTimesheetEntries),
  }),
  by: internRole,
  label: 'Hand in hours',
  async apply(store, { timeEntryIds, ...args }, context) {
    const engagement = await getRow(store, 'engagements', args.engagementId);
    if (engagement.membershipId !== context.actor.membershipId)
      throw createRowNotFound('engagements', args.engagementId);
    await assertOwnWork(store, engagement, args);
    const taken: string[] = [];
    for (const id of new Set(timeEntryIds))
      if (await mayBeHandedIn(store, id, engagement, context)) taken.push(id);
    if (taken.length === 0)
      throw new StintError('refused', 'all of this time stands on another timesheet already');
    const project = await store.find('projects', engagement.projectId);
    await store.insert('timesheets', {
      orgId: store.orgId,
      id: args.timesheetId,
      scope: engagement.scope,
      engagementId: engagement.id,
      membershipId: context.actor.membershipId,
      kind: args.kind,
      startsOn: args.startsOn,
      endsOn: args.endsOn,
      zone: args.zone,
      startsAt: args.kind === 'period' ? args.startsAt : null,
      endsAt: args.kind === 'period' ? args.endsAt : null,
      taskId: args.taskId,
      submissionId: args.submissionId,
      note: args.note,
      ...computeRoundingColumns(computeTermsThatHold(engagement, project)?.rounding ?? null),
      state: 'submitted',
      submittedAt: context.at,
      decidedBy: null,
      decidedAt: null,
      decisionNote: null,
      contentHash: null,
    });
    for (const id of taken) await store.patch('timeEntries', id, { timesheetId: args.timesheetId });
  },
});

/** The task and the submission that a timesheet is said to be for are shown with it: they are of its engagement. */
async function assertOwnWork(
  store: MutationStore,
  { id: engagementId }: DomainRow<'engagements'>,
  {
    taskId,
    submissionId,
  }: { readonly taskId: string | null; readonly submissionId: string | null },
): Promise<void> {
  const task = taskId === null ? undefined : await store.find('tasks', taskId);
  if (taskId !== null && task?.engagementId !== engagementId)
    throw createRowNotFound('tasks', taskId);
  const submission =
    submissionId === null ? undefined : await store.find('submissions', submissionId);
  if (submissionId !== null && submission?.engagementId !== engagementId)
    throw createRowNotFound('submissions', submissionId);
}

async function mayBeHandedIn(
  store: MutationStore,
  timeEntryId: string,
  engagement: DomainRow<'engagements'>,
  context: MutationContext,
): Promise<boolean> {
  const entry = await store.find('timeEntries', timeEntryId);
  if (
    entry === undefined ||
    entry.membershipId !== context.actor.membershipId ||
    entry.engagementId !== engagement.id
  )
    throw createRowNotFound('timeEntries', timeEntryId);
  return entry.deletedAt === null && !(await standsOnLiveTimesheet(store, entry));
}

async function getOwnTimesheet(
  store: MutationStore,
  timesheetId: string,
  { actor }: MutationContext,
): Promise<DomainRow<'timesheets'>> {
  const sheet = await getRow(store, 'timesheets', timesheetId);
  if (sheet.membershipId !== actor.membershipId) throw createRowNotFound('timesheets', timesheetId);
  return sheet;
}

/** Takes a timesheet back that nobody has decided on yet; its entries are open again. */
export const withdrawTimesheet = defineMutation({
  name: 'timesheet.withdraw',
  version: 1,
  schema: z.object({ timesheetId: idSchema }),
  by: internRole,
  label: 'Take back a timesheet',
  async apply(store, { timesheetId }, context) {
    const sheet = await getOwnTimesheet(store, timesheetId, context);
    if (sheet.state === 'withdrawn') return;
    if (sheet.state !== 'submitted')
      throw new StintError('refused', `this timesheet is ${sheet.state} already`);
    await store.patch('timesheets', timesheetId, { state: 'withdrawn' });
  },
});

export async function loadTimesheetEntries(
  store: MutationStore,
  timesheetId: string,
): Promise<DomainRow<'timeEntries'>[]> {
  return store.db
    .selectFrom('timeEntries')
    .selectAll()
    .where('orgId', '=', store.orgId)
    .where('timesheetId', '=', timesheetId)
    .where('deletedAt', 'is', null)
    .execute();
}

/**
 * The employer's decision, with comments on single entries. An approval names what was seen, by its hash: where an entry
 * has changed since, or overlaps another, nothing is approved. The first decision in the server's order stands.
 */
export const decideTimesheet = defineMutation({
  name: 'timesheet.decide',
  version: 1,
  schema: z.object({
    timesheetId: idSchema,
    decision: z.enum(['approved', 'returned']),
    note: noteSchema,
    comments: z
      .array(z.object({ commentId: idSchema, timeEntryId: idSchema, text: noteSchema.min(1) }))
      .max(500),
    contentHash: z.string().max(64),
  }),
  by: employerRoles,
  label: 'Decide on a timesheet',
  async apply(store, { timesheetId, decision, note, comments, contentHash }, context) {
    const sheet = await getRow(store, 'timesheets', timesheetId);
    if (sheet.state !== 'submitted')
      throw new StintError('refused', `this timesheet is ${sheet.state} already`);
    const entries = await loadTimesheetEntries(store, timesheetId);
    if (decision === 'approved') {
      if (computeTimesheetHash(entries, context.sha256Hex) !== contentHash)
        throw new StintError(
          'conflict',
          'this timesheet has changed since you looked at it; look at it again before you approve it',
        );
      await assertNoOverlap(
        store,
        sheet.membershipId,
        entries.map(({ id }) => id),
      );
    }
    for (const { commentId, timeEntryId, text } of comments)
      await store.insert('timesheetComments', {
        orgId: store.orgId,
        id: commentId,
        scope: sheet.scope,
        timesheetId,
        timeEntryId,
        text,
        createdBy: context.actor.membershipId,
        createdAt: context.at,
      });
    await store.patch('timesheets', timesheetId, {
      state: decision,
      decidedBy: context.actor.membershipId,
      decidedAt: context.at,
      decisionNote: note,
      contentHash: decision === 'approved' ? contentHash : null,
    });
  },
});

/** Takes an approval back, with the reason: the timesheet counts as returned, and its time is open again. */
export const reopenTimesheet = defineMutation({
  name: 'timesheet.reopen',
  version: 1,
  schema: z.object({ timesheetId: idSchema, reason: noteSchema }),
  by: employerRoles,
  label: 'Take back the approval of a timesheet',
  async apply(store, { timesheetId, reason }, context) {
    const sheet = await getRow(store, 'timesheets', timesheetId);
    if (sheet.state === 'returned') {
      assertSameWords(sheet.decisionNote, reason);
      return;
    }
    if (sheet.state !== 'approved')
      throw new StintError('refused', `this timesheet is ${sheet.state}, not approved`);
    await store.patch('timesheets', timesheetId, {
      state: 'returned',
      decidedBy: context.actor.membershipId,
      decidedAt: context.at,
      decisionNote: reason,
      contentHash: null,
    });
  },
});
