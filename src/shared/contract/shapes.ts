import { z } from 'zod';
import { remarkSchema } from '../domain/annotation.ts';
import { endReasonSchema } from '../domain/end-reason.ts';
import {
  categorySchema,
  criterionSchema,
  dateSchema,
  idSchema,
  instantSchema,
  paySchema,
  roleSchema,
  sha256Schema,
} from '../domain/fields.ts';
import {
  decidedVerdictSchema,
  submissionMarkSchema,
  submissionVerdictSchema,
} from '../domain/submission-marks.ts';
import { rubricScoreSchema } from '../domain/rubric-score.ts';
import { taskStates } from '../domain/task-state.ts';
import { verdictInputsSchema } from '../domain/verdict.ts';

/** What the requests answer with, in pieces that recur. A seat is one membership as this device holds it. */

export const seatIdSchema = idSchema;

/** The small mark that each thing carries: where it is by now. */
export const syncMarkSchema = z.enum(['on_this_computer', 'sending', 'on_the_server', 'refused']);
export type SyncMark = z.infer<typeof syncMarkSchema>;

export const seatSyncSchema = z.object({
  /**
   * `saved`: everything is on the server; `waiting`: saved on this computer, to be sent; `syncing`: moving;
   * `attention`: something was refused or needs a decision; `signed_out`: sign in again, work is safe;
   * `update_needed`: the server asks for a newer program.
   */
  state: z.enum(['saved', 'waiting', 'syncing', 'attention', 'signed_out', 'update_needed']),
  isOnline: z.boolean(),
  waitingChanges: z.int(),
  waitingBytes: z.int(),
  attentionCount: z.int(),
  lastSyncedAt: instantSchema.nullable(),
  /** In plain words, when the last attempt failed. */
  lastProblem: z.string().nullable(),
});
export type SeatSync = z.infer<typeof seatSyncSchema>;

export const seatSchema = z.object({
  seatId: seatIdSchema,
  orgId: idSchema,
  membershipId: idSchema,
  organizationName: z.string(),
  serverUrl: z.string(),
  role: roleSchema,
  displayName: z.string(),
  email: z.string(),
  timeZone: z.string(),
  isSample: z.boolean(),
  /** For good: nobody can sign in to it again. */
  isAccountClosed: z.boolean(),
  sync: seatSyncSchema,
});
export type Seat = z.infer<typeof seatSchema>;

export const personSchema = z.object({
  membershipId: idSchema.nullable(),
  name: z.string(),
  email: z.string().nullable(),
  timeZone: z.string().nullable(),
});
export type Person = z.infer<typeof personSchema>;

/** A deadline as a person reads it: wall time and zone, with extensions added, and the instant it means. */
export const dueSchema = z.object({
  /** With extra time added. */
  wall: z.string(),
  /** As it was set, without extra time; what is moved when the deadline is moved. */
  baseWall: z.string(),
  zone: z.string(),
  instant: instantSchema,
  isExtended: z.boolean(),
});
export type Due = z.infer<typeof dueSchema>;

export const fileSchema = z.object({
  attachmentId: idSchema,
  name: z.string(),
  sizeBytes: z.int(),
  mediaType: z.string(),
  sha256: sha256Schema,
  /** The content is on this computer, whole and verified. */
  isHere: z.boolean(),
  /** The content is on the server. */
  isOnServer: z.boolean(),
  /** What the person chose for this file alone; null: it stays here as long as its task's files do. */
  isPinned: z.boolean().nullable(),
  /** Bytes moved so far while it is on its way, either direction; null when it is not moving. */
  movedBytes: z.int().nullable(),
  direction: z.enum(['up', 'down']).nullable(),
});
export type FileItem = z.infer<typeof fileSchema>;

/** A file taken in and held by its content, not yet attached to anything. */
export const stagedFileSchema = z.object({
  stagedId: idSchema,
  name: z.string(),
  sizeBytes: z.int(),
  mediaType: z.string(),
  sha256: sha256Schema,
});
export type StagedFile = z.infer<typeof stagedFileSchema>;

export const taskStateSchema = z.enum(taskStates);

export const taskItemSchema = z.object({
  seatId: seatIdSchema,
  taskId: idSchema,
  engagementId: idSchema,
  projectId: idSchema,
  title: z.string(),
  organizationName: z.string(),
  projectTitle: z.string(),
  internName: z.string(),
  state: taskStateSchema,
  due: dueSchema,
  isOverdue: z.boolean(),
  /** Its engagement was completed or withdrawn: what is open of it stays as it is. */
  isEngagementOver: z.boolean(),
  /** A brief version the intern has not acknowledged yet. */
  hasUnseenBrief: z.boolean(),
  /** The intern has seen some version of the brief. */
  isOpened: z.boolean(),
  estimateMinutes: z.int().nullable(),
  workedSeconds: z.int(),
  newestRevision: z.int().nullable(),
  /** Its place among the tasks of its engagement. */
  position: z.int(),
  /** The tasks that come before it, whatever became of them. */
  dependsOn: z.array(idSchema),
  /** Those of them that have not been accepted yet: it waits for them, and may be handed in all the same. */
  waitsFor: z.array(z.object({ taskId: idSchema, title: z.string() })),
  mark: syncMarkSchema,
});
export type TaskItem = z.infer<typeof taskItemSchema>;

export const briefSchema = z.object({
  briefVersionId: idSchema,
  version: z.int(),
  instructions: z.string(),
  criteria: z.array(criterionSchema),
  createdAt: instantSchema,
});
export type Brief = z.infer<typeof briefSchema>;

export const receiptSchema = z.object({
  receiptId: idSchema,
  keyId: z.string(),
  signature: z.string(),
  statementJson: z.string(),
  issuedAt: instantSchema,
});

export const reviewSchema = z.object({
  reviewId: idSchema,
  decision: z.enum(['accepted', 'changes_requested']),
  comment: z.string(),
  comments: z.array(remarkSchema),
  scores: z.array(rubricScoreSchema),
  counts: z.boolean(),
  reviewerName: z.string(),
  claimedAt: instantSchema,
  receivedAt: instantSchema.nullable(),
  mark: syncMarkSchema,
});
export type Review = z.infer<typeof reviewSchema>;

export const submissionSchema = z.object({
  seatId: seatIdSchema,
  submissionId: idSchema,
  taskId: idSchema,
  engagementId: idSchema,
  revision: z.int(),
  brief: briefSchema,
  note: z.string(),
  tickedCriterionIds: z.array(idSchema),
  files: z.array(fileSchema),
  manifestHash: sha256Schema,
  workedSeconds: z.int(),
  internName: z.string(),
  claimedAt: instantSchema,
  receivedAt: instantSchema.nullable(),
  /** As the server made it, once. What counts is `latenessDecision`, where there is one. */
  verdict: submissionVerdictSchema.nullable(),
  /** SY-18: what the verdict was made from; null until it was received, and for one judged before that was kept. */
  verdictInputs: verdictInputsSchema.nullable(),
  /** SY-18: the employer's, where the clocks contradict each other. */
  latenessDecision: z
    .object({
      verdict: decidedVerdictSchema,
      reason: z.string(),
      decidedAt: instantSchema,
      deciderName: z.string(),
    })
    .nullable(),
  /** The zone of the deadline that the intern could see; null where it is not known here. */
  deadlineZone: z.string().nullable(),
  marks: z.array(submissionMarkSchema),
  isAwaitingFiles: z.boolean(),
  /** By when the employer has promised an answer; null where nothing was promised. */
  answerBy: z
    .object({ wall: z.string(), zone: z.string(), instant: instantSchema, byName: z.string() })
    .nullable(),
  receipt: receiptSchema.nullable(),
  reviews: z.array(reviewSchema),
  mark: syncMarkSchema,
});
export type Submission = z.infer<typeof submissionSchema>;

export const questionSchema = z.object({
  questionId: idSchema,
  text: z.string(),
  askedByName: z.string(),
  askedAt: instantSchema,
  /** Oldest first; a later one corrects the one before. */
  answers: z.array(
    z.object({
      answerId: idSchema,
      text: z.string(),
      answeredByName: z.string(),
      answeredAt: instantSchema,
      /** The number of the brief's version that quotes it. */
      inBriefVersion: z.int().nullable(),
      mark: syncMarkSchema,
    }),
  ),
  mark: syncMarkSchema,
});
export type Question = z.infer<typeof questionSchema>;

export const extensionRequestSchema = z.object({
  requestId: idSchema,
  days: z.int(),
  minutes: z.int(),
  reason: z.string(),
  /** The version of the brief that gave rise to it. */
  briefVersion: z.int().nullable(),
  requestedAt: instantSchema,
  state: z.enum(['open', 'granted', 'declined', 'withdrawn']),
  decidedByName: z.string().nullable(),
  decidedAt: instantSchema.nullable(),
  decisionReason: z.string().nullable(),
  /** What was given; null unless it was granted. */
  granted: z.object({ days: z.int(), minutes: z.int() }).nullable(),
  mark: syncMarkSchema,
});
export type ExtensionRequest = z.infer<typeof extensionRequestSchema>;

export const draftSchema = z.object({
  note: z.string(),
  tickedCriterionIds: z.array(idSchema),
  files: z.array(fileSchema),
});
export type Draft = z.infer<typeof draftSchema>;

export const noteVersionSchema = z.object({
  versionId: idSchema,
  note: z.string(),
  writtenAt: instantSchema,
  replacedAt: instantSchema,
  /** What took its place was written on another device, without knowing it. */
  isConcurrent: z.boolean(),
});
export type NoteVersion = z.infer<typeof noteVersionSchema>;

export const fileVersionSchema = z.object({
  file: fileSchema,
  attachedAt: instantSchema,
  replacedAt: instantSchema,
  /** A file of the same name stands in the draft now; without one, this was removed. */
  isReplaced: z.boolean(),
});
export type FileVersion = z.infer<typeof fileVersionSchema>;

export const timeEntrySchema = z.object({
  seatId: seatIdSchema,
  timeEntryId: idSchema,
  taskId: idSchema,
  engagementId: idSchema,
  taskTitle: z.string(),
  organizationName: z.string(),
  startedAt: instantSchema,
  endedAt: instantSchema,
  zone: z.string(),
  seconds: z.int(),
  source: z.enum(['timer', 'manual']),
  note: z.string(),
  /** Another entry of the same person covers part of the same time. */
  overlaps: z.boolean(),
  wasRevived: z.boolean(),
  /** It ends later than now, by this computer's clock: pointed out, not refused. */
  isInFuture: z.boolean(),
  /** The timesheet that it stands on; approved, it is locked. Null while it was not handed in. */
  timesheet: z
    .object({ timesheetId: idSchema, state: z.enum(['submitted', 'approved', 'returned']) })
    .nullable(),
  mark: syncMarkSchema,
});
export type TimeEntry = z.infer<typeof timeEntrySchema>;

export const budgetSchema = z.object({
  budgetMinutes: z.int(),
  workedSeconds: z.int(),
  /** Overlapping time counted once. */
  coveredSeconds: z.int(),
});
export type Budget = z.infer<typeof budgetSchema>;

export const engagementSchema = z.object({
  seatId: seatIdSchema,
  engagementId: idSchema,
  projectId: idSchema,
  projectTitle: z.string(),
  intern: personSchema,
  status: z.enum(['invited', 'active', 'completed', 'withdrawn']),
  pay: paySchema,
  budget: budgetSchema,
  startsOn: dateSchema,
  endsOn: dateSchema,
  taskCount: z.int(),
  acceptedCount: z.int(),
  waitingForReviewCount: z.int(),
  agreedAt: instantSchema.nullable(),
  /** When it was over, and why; no reason where an older Stint ended it. */
  endedAt: instantSchema.nullable(),
  endReason: endReasonSchema.nullable(),
  /** What the work covers, where an amendment put it down in words. */
  agreedScope: z.string().nullable(),
});
export type Engagement = z.infer<typeof engagementSchema>;

export const projectItemSchema = z.object({
  seatId: seatIdSchema,
  projectId: idSchema,
  title: z.string(),
  category: categorySchema,
  categoryName: z.string().nullable(),
  hourBudgetMinutes: z.int(),
  pay: paySchema,
  timeZone: z.string(),
  startsOn: dateSchema,
  endsOn: dateSchema,
  isClosed: z.boolean(),
  engagementCount: z.int(),
  waitingForReviewCount: z.int(),
  mark: syncMarkSchema,
});
export type ProjectItem = z.infer<typeof projectItemSchema>;

export const runningTimerSchema = z.object({
  seatId: seatIdSchema,
  timeEntryId: idSchema,
  taskId: idSchema,
  taskTitle: z.string(),
  organizationName: z.string(),
  startedAt: instantSchema,
  /** Seconds run so far by the monotonic clock, at the moment of the answer. */
  elapsedSeconds: z.int(),
  note: z.string(),
  /**
   * Set when the program was not running (or the machine asleep) for part of the time: the person decides.
   * `lastSeenAt` is when the timer was last seen running, `resumedAt` when the program was back.
   */
  gap: z
    .object({
      lastSeenAt: instantSchema,
      resumedAt: instantSchema,
      /** The program was not running (closed, crashed, killed, no power), or the computer slept. */
      kind: z.enum(['not_running', 'asleep']),
    })
    .nullable(),
});
export type RunningTimer = z.infer<typeof runningTimerSchema>;

/**
 * What only the person can say, and was not asked at once: a gap of a timer that was stopped meanwhile (its time is not
 * recorded, and may be), or a stretch without anybody at the computer (it is recorded, and may be taken out).
 */
export const timerQuestionSchema = z.object({
  seatId: seatIdSchema,
  questionId: idSchema,
  kind: z.enum(['not_running', 'asleep', 'idle', 'page_hidden']),
  taskId: idSchema,
  taskTitle: z.string(),
  startedAt: instantSchema,
  endedAt: instantSchema,
});
export type TimerQuestion = z.infer<typeof timerQuestionSchema>;
