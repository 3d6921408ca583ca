import type { Submission } from '../../../shared/contract/shapes.ts';
import type { SubmissionMark } from '../../../shared/domain/submission-marks.ts';
import type { Tone } from '../../ui/notice.tsx';

/** What was different when a submission arrived, in plain words (SY-8). */
export function describeSubmissionMark(mark: SubmissionMark, submission: Submission): string {
  switch (mark) {
    case 'brief_changed':
      return `The brief changed while this was on its way: it answers version ${submission.brief.version}.`;
    case 'task_cancelled':
      return 'The task had been cancelled when this arrived. It is kept all the same.';
    case 'engagement_ended':
      return 'The engagement had ended when this arrived. It is kept all the same.';
    case 'project_closed':
      return 'The project had been closed when this arrived. It is kept all the same.';
    case 'deadline_moved_unseen':
      return 'The deadline had been moved and this computer did not know yet: the one it knew counts.';
    case 'resent_after_restore':
      return 'The server had lost this and got it again from this computer, which had no receipt for it yet.';
  }
}

export interface VerdictText {
  readonly text: string;
  readonly tone: Tone;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** The server's verdict (SY-18), or that there is none yet. */
export function describeVerdict({ verdict }: Pick<Submission, 'verdict'>): VerdictText {
  switch (verdict) {
    case 'on_time':
      return {
        text: 'On time',
        tone: 'positive',
        reason: 'The server had it before the deadline.',
      };
    case 'on_time_by_device_clock':
      return {
        text: 'On time by this clock',
        tone: 'positive',
        reason:
          'Handed in before the deadline by the device’s clock, and on the server within the grace time.',
      };
    case 'late':
      return { text: 'Late', tone: 'warning', reason: 'It came after the deadline.' };
    case 'clock_inconsistent':
      return {
        text: 'Clocks disagree',
        tone: 'neutral',
        reason:
          'This computer’s clock and the server’s contradict each other, so the employer decides.',
      };
    case null:
      return {
        text: 'No verdict yet',
        tone: 'neutral',
        reason: 'The server says whether it is on time when it arrives there.',
      };
  }
}
