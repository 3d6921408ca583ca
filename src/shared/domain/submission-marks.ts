import { z } from 'zod';

/** What was different when a submission arrived (SY-8). It is accepted all the same, and shown. */
export const submissionMarkSchema = z.enum([
  'brief_changed',
  'task_cancelled',
  'engagement_ended',
  'project_closed',
  'deadline_moved_unseen',
  /** The server lost it once, and got it again from the device; it could not prove when it had come first. */
  'resent_after_restore',
]);
export type SubmissionMark = z.infer<typeof submissionMarkSchema>;

/** SY-18. `clock_inconsistent`: the clocks contradict each other, and the employer decides. */
export const submissionVerdictSchema = z.enum([
  'on_time',
  'on_time_by_device_clock',
  'late',
  'clock_inconsistent',
]);
export type SubmissionVerdict = z.infer<typeof submissionVerdictSchema>;

/** What the employer may decide where the verdict is `clock_inconsistent`. */
export const decidedVerdictSchema = z.enum(['on_time', 'late']);
export type DecidedVerdict = z.infer<typeof decidedVerdictSchema>;
