import { z } from 'zod';

/** Whether an engagement of this status is over: nothing of it is overdue, or due next. */
export const hasEnded = (status: 'invited' | 'active' | 'completed' | 'withdrawn'): boolean =>
  status === 'completed' || status === 'withdrawn';

/** Why an engagement is over. */
export const endReasonSchema = z.enum([
  'completed',
  'ended_early',
  'invitation_withdrawn',
  'intern_left',
  'access_ended',
]);
export type EndReason = z.infer<typeof endReasonSchema>;

/** The reason that a row tells; null where it tells none, or one that a newer Stint wrote. */
export function readEndReason(text: string | null): EndReason | null {
  return endReasonSchema.safeParse(text).data ?? null;
}

/** After "Ended": for people, in the app as in the report. */
export const readableEndReasons: Readonly<Record<EndReason, string>> = {
  completed: 'the work was completed',
  ended_early: 'ended early by the employer',
  invitation_withdrawn: 'the invitation was withdrawn',
  intern_left: 'the intern left the organization',
  access_ended: 'the intern’s access was ended',
};
