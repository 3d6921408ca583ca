import { z } from 'zod';

/** What was different when a submission arrived (SY-8). It is accepted all the same, and shown. */
export const submissionMarkSchema = z.enum([
  'brief_changed',
  'task_cancelled',
  'engagement_ended',
  'project_closed',
  'deadline_moved_unseen',
]);
export type SubmissionMark = z.infer<typeof submissionMarkSchema>;

export type SubmissionVerdict = 'on_time' | 'on_time_by_device_clock' | 'late';
