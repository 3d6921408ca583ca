import { z } from 'zod';
import { dateSchema, idSchema, instantSchema, textSchema } from '../domain/fields.ts';
import { rubricSchema } from '../domain/rubric.ts';
import { defineRequest } from './request.ts';
import {
  briefSchema,
  budgetSchema,
  draftSchema,
  fileVersionSchema,
  noteVersionSchema,
  engagementSchema,
  extensionRequestSchema,
  fileSchema,
  questionSchema,
  runningTimerSchema,
  seatIdSchema,
  submissionSchema,
  taskItemSchema,
  taskStateSchema,
  timeEntrySchema,
  timerQuestionSchema,
} from './shapes.ts';

const nothing = z.object({});
const stretchSchema = z.object({ startedAt: instantSchema, endedAt: instantSchema });
const taskKey = { seatId: seatIdSchema, taskId: idSchema };

/** The intern's day: tasks, drafts, submissions, timer and hours. */
export const workRequests = {
  'today.get': defineRequest(
    "The intern's day over all their seats, or one",
    z.object({ seatId: seatIdSchema.optional() }),
    z.object({
      /** Open tasks, soonest first; of this and the next two the first 200. */
      due: z.array(taskItemSchema),
      /** Tasks that came back with changes requested. */
      cameBack: z.array(taskItemSchema),
      /** Submitted and not decided yet. */
      waiting: z.array(taskItemSchema),
      /** How many there are of each. */
      counts: z.object({ due: z.int(), cameBack: z.int(), waiting: z.int() }),
      /** The open task on which the timer runs, wherever it stands in the lists. */
      atWork: taskItemSchema.nullable(),
      secondsToday: z.int(),
      secondsThisWeek: z.int(),
      engagements: z.array(engagementSchema),
    }),
  ),
  'tasks.list': defineRequest(
    'Tasks by deadline, then title; a page of them with the total',
    z.object({
      seatId: seatIdSchema.optional(),
      engagementId: idSchema.optional(),
      projectId: idSchema.optional(),
      states: z.array(taskStateSchema).optional(),
      /** Part of the title, ignoring case. */
      text: z.string().max(200).optional(),
      offset: z.int().min(0).default(0),
      limit: z.int().min(1).max(100_000).default(500),
    }),
    z.object({ total: z.int(), items: z.array(taskItemSchema) }),
  ),
  'task.get': defineRequest(
    'Everything about one task',
    z.object(taskKey),
    z.object({
      item: taskItemSchema,
      brief: briefSchema,
      /** The version the intern acknowledged last, when it is not the current one. */
      seenBrief: briefSchema.nullable(),
      references: z.array(fileSchema),
      /** Only for the intern, whose own it is. */
      draft: draftSchema.nullable(),
      /** Newest first. */
      submissions: z.array(submissionSchema),
      timeEntries: z.array(timeEntrySchema),
      roundsIncluded: z.int(),
      roundsUsed: z.int(),
      /** What submissions are scored on, as agreed, and what reviews were scored on besides; empty where nothing is. */
      rubric: rubricSchema,
      latePolicy: z.string(),
      graceMinutes: z.int(),
      /** Oldest first. */
      questions: z.array(questionSchema),
      /** Newest first. */
      extensionRequests: z.array(extensionRequestSchema),
      /** Where the two sides' clocks stand; null for somebody who has not joined. */
      zones: z.object({ intern: z.string().nullable(), employer: z.string() }),
      /** Every version of the brief, newest first. */
      briefVersions: z.array(briefSchema),
      /** For the employer, where the current version was written by somebody who had not seen another one. */
      replacedBrief: z
        .object({
          /** What both began with. */
          before: briefSchema,
          theirs: briefSchema,
          writtenBy: z.string(),
          replacedBy: z.string(),
        })
        .nullable(),
    }),
  ),
  'task.acknowledgeBrief': defineRequest(
    'Marks the current brief as seen',
    z.object({ ...taskKey, briefVersionId: idSchema }),
    nothing,
  ),
  'draft.writeNote': defineRequest(
    'Stores the note of the draft',
    z.object({ ...taskKey, note: textSchema }),
    nothing,
  ),
  'draft.tickCriterion': defineRequest(
    'Ticks an acceptance criterion, or takes the tick back',
    z.object({ ...taskKey, criterionId: idSchema, ticked: z.boolean() }),
    nothing,
  ),
  'draft.attach': defineRequest(
    'Attaches a staged file to the draft',
    z.object({
      ...taskKey,
      stagedId: idSchema,
      /** The draft's files stand in the order of these; a new one where it is left out. Twice the same is once. */
      attachmentId: idSchema.optional(),
    }),
    fileSchema,
  ),
  'draft.detach': defineRequest(
    'Removes a file from the draft, or brings it back',
    z.object({ seatId: seatIdSchema, attachmentId: idSchema, detached: z.boolean() }),
    nothing,
  ),
  'draft.listVersions': defineRequest(
    'What the draft held before and can be brought back until it is handed in, newest first',
    z.object(taskKey),
    z.object({ notes: z.array(noteVersionSchema), files: z.array(fileVersionSchema) }),
  ),
  'draft.bringBackNote': defineRequest(
    'Puts an earlier version of the note in the place of the present one, which is kept',
    z.object({ ...taskKey, versionId: idSchema }),
    z.object({ note: z.string() }),
  ),
  'submission.preview': defineRequest(
    'What would be sent if the intern submitted now',
    z.object(taskKey),
    z.object({
      files: z.array(fileSchema),
      note: z.string(),
      tickedCount: z.int(),
      criteriaCount: z.int(),
      workedSeconds: z.int(),
      revision: z.int(),
      /** By this computer's clock; the server's clock decides when it arrives. */
      isOnTimeByThisClock: z.boolean(),
      /** SY-17: how far this computer's clock is ahead of the server's; null where that is not known. */
      clockDifferenceMs: z.int().nullable(),
      dueInstant: instantSchema,
      /** The newest submission holds the same work. */
      isUnchanged: z.boolean(),
    }),
  ),
  'submission.create': defineRequest(
    'Hands in the draft as a new revision',
    z.object(taskKey),
    z.object({ submissionId: idSchema, manifestHash: z.string() }),
  ),
  'submission.get': defineRequest(
    'One submission with its files, receipt and reviews',
    z.object({ seatId: seatIdSchema, submissionId: idSchema }),
    submissionSchema,
  ),
  'timer.get': defineRequest(
    'The running timer, if there is one',
    nothing,
    runningTimerSchema.nullable(),
  ),
  'timer.start': defineRequest(
    'Starts the timer on a task; one that runs is stopped and recorded first',
    z.object({ ...taskKey, note: textSchema.max(2000).default('') }),
    runningTimerSchema,
  ),
  'timer.setNote': defineRequest(
    "Changes the running timer's note",
    z.object({ note: textSchema.max(2000) }),
    runningTimerSchema,
  ),
  'timer.stop': defineRequest(
    'Stops the timer and records the time; nothing when it ran for less than a second',
    nothing,
    z.object({ timeEntryId: idSchema.nullable() }),
  ),
  'timer.resolveGap': defineRequest(
    'Decides on the stretch in which the timer was not seen running; split: only these parts of it were worked',
    z.discriminatedUnion('decision', [
      z.object({ decision: z.enum(['keep_all', 'keep_until_last_seen', 'discard']) }),
      z.object({ decision: z.literal('split'), stretches: z.array(stretchSchema).max(20) }),
    ]),
    runningTimerSchema.nullable(),
  ),
  'timer.questions': defineRequest(
    'What only the person can say of their time and has not said yet; kept on this computer alone',
    nothing,
    z.array(timerQuestionSchema),
  ),
  'timer.answer': defineRequest(
    'Answers such a question: all of the stretch counts, none of it, or these parts',
    z.object({
      seatId: seatIdSchema,
      questionId: idSchema,
      counted: z.union([z.enum(['all', 'none']), z.array(stretchSchema).max(20)]),
    }),
    nothing,
  ),
  'timer.noteHidden': defineRequest(
    'Says for how long the page was out of sight, when it is seen again',
    z.object({ hiddenSeconds: z.int().min(0).max(10_000_000) }),
    nothing,
  ),
  'hours.list': defineRequest(
    "Time entries that begin on the days from..to (in this computer's zone), newest first",
    z.object({
      seatId: seatIdSchema.optional(),
      engagementId: idSchema.optional(),
      from: dateSchema,
      to: dateSchema,
      /** So many entries, the newest; the sums are of all. */
      limit: z.int().min(1).max(1_000_000).optional(),
    }),
    z.object({
      entries: z.array(timeEntrySchema),
      /** How many there are, also where fewer are sent. */
      entryCount: z.int(),
      days: z.array(z.object({ date: dateSchema, seconds: z.int(), coveredSeconds: z.int() })),
      totalSeconds: z.int(),
      coveredSeconds: z.int(),
      budgets: z.array(
        z.object({ engagementId: idSchema, projectTitle: z.string(), budget: budgetSchema }),
      ),
    }),
  ),
  'hours.add': defineRequest(
    'Records a stretch of work by hand',
    z.object({
      ...taskKey,
      startedAt: instantSchema,
      endedAt: instantSchema,
      note: textSchema.max(2000).default(''),
    }),
    timeEntrySchema,
  ),
  'hours.edit': defineRequest(
    'Changes a time entry',
    z.object({
      seatId: seatIdSchema,
      timeEntryId: idSchema,
      patch: z
        .object({
          startedAt: instantSchema,
          endedAt: instantSchema,
          note: textSchema.max(2000),
          taskId: idSchema,
        })
        .partial(),
    }),
    timeEntrySchema,
  ),
  'hours.delete': defineRequest(
    'Deletes a time entry, or takes the deletion back',
    z.object({ seatId: seatIdSchema, timeEntryId: idSchema, deleted: z.boolean() }),
    nothing,
  ),
} as const;
