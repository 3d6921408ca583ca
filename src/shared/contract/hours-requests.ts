import { z } from 'zod';
import { dateSchema, idSchema, instantSchema, paySchema, textSchema } from '../domain/fields.ts';
import { roundingSchema } from '../domain/rounding.ts';
import { rearrangeTimeSchema, timeChangeSchema } from '../mutations/time-changes.ts';
import { defineRequest } from './request.ts';
import { budgetSchema, seatIdSchema, syncMarkSchema, timeEntrySchema } from './shapes.ts';

const nothing = z.object({});
const noteSchema = textSchema.max(2000);
const entryKey = { seatId: seatIdSchema, timeEntryId: idSchema };
const timesheetKey = { seatId: seatIdSchema, timesheetId: idSchema };

/** What takes a split or a merge back, whole: to be passed to `hours.rearrange` as it is. */
const rearrangedSchema = z.object({
  entries: z.array(timeEntrySchema),
  undo: rearrangeTimeSchema,
});

/** Where an engagement stands against its hours, for both sides alike. */
export const budgetStandingSchema = z.object({
  seatId: seatIdSchema,
  engagementId: idSchema,
  projectTitle: z.string(),
  internName: z.string(),
  budget: budgetSchema,
  /** `near` from 80 %, `over` from 100 %. */
  level: z.enum(['within', 'near', 'over']),
  /** Below zero where more was worked than agreed. */
  leftSeconds: z.int(),
  projection: z.object({ seconds: z.int(), basis: z.enum(['estimates', 'pace']) }).nullable(),
  rounding: roundingSchema.nullable(),
  roundedSeconds: z.int(),
});
export type BudgetStanding = z.infer<typeof budgetStandingSchema>;

export const timesheetItemSchema = z.object({
  ...timesheetKey,
  engagementId: idSchema,
  projectTitle: z.string(),
  internName: z.string(),
  kind: z.enum(['period', 'work']),
  startsOn: dateSchema,
  endsOn: dateSchema,
  zone: z.string(),
  taskTitle: z.string().nullable(),
  note: z.string(),
  state: z.enum(['submitted', 'approved', 'returned', 'withdrawn']),
  submittedAt: instantSchema,
  deciderName: z.string().nullable(),
  decidedAt: instantSchema.nullable(),
  decisionNote: z.string().nullable(),
  /** As the terms were when it was handed in. */
  rounding: roundingSchema.nullable(),
  exactSeconds: z.int(),
  roundedSeconds: z.int(),
  /** Overlapping time counted once. */
  coveredSeconds: z.int(),
  entryCount: z.int(),
  /** Entries that share time with another one; with any, it cannot be approved. */
  overlapCount: z.int(),
  mark: syncMarkSchema,
});
export type TimesheetItem = z.infer<typeof timesheetItemSchema>;

export const timesheetSchema = z.object({
  item: timesheetItemSchema,
  /** Oldest first. */
  entries: z.array(
    z.object({
      entry: timeEntrySchema,
      /** Its days by its own zone; two or more where it runs across midnight. */
      days: z.array(z.object({ date: dateSchema, seconds: z.int() })),
      /** Rounded by itself; null where the terms round by day, or not at all. */
      roundedSeconds: z.int().nullable(),
      editCount: z.int(),
      comments: z.array(
        z.object({ text: z.string(), byName: z.string(), createdAt: instantSchema }),
      ),
    }),
  ),
  days: z.array(
    z.object({
      date: dateSchema,
      exactSeconds: z.int(),
      /** Null where the terms round by entry, or not at all. */
      roundedSeconds: z.int().nullable(),
    }),
  ),
  /** Names what is shown; an approval passes it on, and counts for nothing else. */
  contentHash: z.string(),
  standing: budgetStandingSchema,
});
export type Timesheet = z.infer<typeof timesheetSchema>;

export const timeChangeItemSchema = z.object({
  seatId: seatIdSchema,
  requestId: idSchema,
  engagementId: idSchema,
  timesheetId: idSchema.nullable(),
  projectTitle: z.string(),
  internName: z.string(),
  change: timeChangeSchema,
  /** The entries that it names as they are now. */
  entries: z.array(timeEntrySchema),
  taskTitle: z.string(),
  reason: z.string(),
  /** Made on a device that had not heard of the approval; there is no reason then. */
  cameLate: z.boolean(),
  state: z.enum(['waiting', 'accepted', 'declined', 'withdrawn']),
  createdAt: instantSchema,
  deciderName: z.string().nullable(),
  decidedAt: instantSchema.nullable(),
  decisionNote: z.string().nullable(),
  mark: syncMarkSchema,
});
export type TimeChangeItem = z.infer<typeof timeChangeItemSchema>;

export const entryEventSchema = z.object({
  at: instantSchema,
  byName: z.string(),
  kind: z.enum(['recorded', 'changed', 'deleted', 'brought_back']),
  field: z.enum(['startedAt', 'endedAt', 'note', 'task']).nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** The value that it replaced was not the one that the person had seen. */
  overwroteUnseen: z.boolean(),
});
export type EntryEvent = z.infer<typeof entryEventSchema>;

/** Hours as they are put in order, handed in, approved and changed afterwards. */
export const hoursRequests = {
  'hours.split': defineRequest(
    'Splits an entry into parts; time that no part covers is taken out',
    z.object({
      ...entryKey,
      parts: z
        .array(
          z.object({
            startedAt: instantSchema,
            endedAt: instantSchema,
            taskId: idSchema.optional(),
            note: noteSchema.optional(),
          }),
        )
        .min(1)
        .max(20),
    }),
    rearrangedSchema,
  ),
  'hours.merge': defineRequest(
    'Makes several entries of one engagement one, with the task of the first',
    z.object({
      seatId: seatIdSchema,
      timeEntryIds: z.array(idSchema).min(2).max(50),
      /** The person says that time between them counts as worked, too. */
      coversGaps: z.boolean().default(false),
    }),
    rearrangedSchema,
  ),
  'hours.rearrange': defineRequest(
    'Takes a split or a merge back',
    z.object({ seatId: seatIdSchema, undo: rearrangeTimeSchema }),
    nothing,
  ),
  'hours.history': defineRequest(
    'Everything that was done to an entry, newest first',
    z.object(entryKey),
    z.array(entryEventSchema),
  ),
  'hours.requestChange': defineRequest(
    'Asks for a change of approved time, with the reason',
    z.object({
      seatId: seatIdSchema,
      change: z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('add'),
          taskId: idSchema,
          startedAt: instantSchema,
          endedAt: instantSchema,
          note: noteSchema,
        }),
        z.object({
          kind: z.literal('edit'),
          timeEntryId: idSchema,
          patch: z
            .object({
              startedAt: instantSchema,
              endedAt: instantSchema,
              note: noteSchema,
              taskId: idSchema,
            })
            .partial(),
        }),
        z.object({ kind: z.literal('delete'), timeEntryId: idSchema }),
      ]),
      reason: noteSchema.trim().min(1, 'expected a reason'),
    }),
    z.object({ requestId: idSchema }),
  ),
  'hours.budget': defineRequest(
    'Where engagements stand against their hours: all active ones, or one',
    z.object({ seatId: seatIdSchema, engagementId: idSchema.optional() }),
    z.array(budgetStandingSchema),
  ),
  'hours.effectiveRates': defineRequest(
    "What an hour of each fixed sum has come to; the intern's alone",
    z.object({ seatId: seatIdSchema }),
    z.array(
      z.object({
        engagementId: idSchema,
        projectTitle: z.string(),
        pay: paySchema,
        workedSeconds: z.int(),
        minorPerHour: z.int().nullable(),
      }),
    ),
  ),
  'timesheets.list': defineRequest(
    'Timesheets, those that wait for a decision first, then the newest',
    z.object({ seatId: seatIdSchema, engagementId: idSchema.optional() }),
    z.array(timesheetItemSchema),
  ),
  'timesheet.get': defineRequest(
    'One timesheet with its entries and everything that speaks for or against it',
    z.object(timesheetKey),
    timesheetSchema,
  ),
  'timesheet.preview': defineRequest(
    'What a timesheet would hold: the time of some days, or of one task, that stands on no other',
    z.object({
      seatId: seatIdSchema,
      engagementId: idSchema,
      of: z.union([z.object({ from: dateSchema, to: dateSchema }), z.object({ taskId: idSchema })]),
    }),
    z.object({
      entries: z.array(timeEntrySchema),
      exactSeconds: z.int(),
      roundedSeconds: z.int(),
      overlapCount: z.int(),
      rounding: roundingSchema.nullable(),
    }),
  ),
  'timesheet.submit': defineRequest(
    'Hands in the time of some days, or of one task with its submission, for approval',
    z.object({
      seatId: seatIdSchema,
      engagementId: idSchema,
      of: z.union([
        z.object({ from: dateSchema, to: dateSchema }),
        z.object({ taskId: idSchema, submissionId: idSchema.nullable().default(null) }),
      ]),
      note: noteSchema.default(''),
    }),
    z.object({ timesheetId: idSchema }),
  ),
  'timesheet.withdraw': defineRequest(
    'Takes back a timesheet that nobody has decided on',
    z.object(timesheetKey),
    nothing,
  ),
  'timesheet.decide': defineRequest(
    'Approves a timesheet as it was seen, or returns it with comments on entries',
    z.object({
      ...timesheetKey,
      decision: z.enum(['approved', 'returned']),
      note: noteSchema.default(''),
      comments: z.array(z.object({ timeEntryId: idSchema, text: noteSchema.min(1) })).max(500),
      contentHash: z.string().max(64),
    }),
    nothing,
  ),
  'timesheet.reopen': defineRequest(
    'Takes an approval back; the time is open again',
    z.object({ ...timesheetKey, reason: noteSchema.default('') }),
    nothing,
  ),
  'timeChanges.list': defineRequest(
    'Requests to change approved time, those that wait first',
    z.object({ seatId: seatIdSchema, engagementId: idSchema.optional() }),
    z.array(timeChangeItemSchema),
  ),
  'timeChange.decide': defineRequest(
    'Accepts or declines a request; accepted, it is done at once',
    z.object({
      seatId: seatIdSchema,
      requestId: idSchema,
      decision: z.enum(['accepted', 'declined']),
      note: noteSchema.default(''),
    }),
    nothing,
  ),
  'timeChange.withdraw': defineRequest(
    'Takes a request back that nobody has answered',
    z.object({ seatId: seatIdSchema, requestId: idSchema }),
    nothing,
  ),
} as const;
