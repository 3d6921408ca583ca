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

/** Where work that was handed in is by now, and what the intern can do meanwhile: nobody reviews what was not sent. */
export function describeHandedIn(
  newest: Pick<Submission, 'receivedAt' | 'mark'> | undefined,
): Record<'title' | 'text', string> {
  const goOn =
    'You can go on: what you hand in next becomes a new revision, and the earlier one stays.';
  if (newest === undefined || newest.receivedAt !== null)
    return { title: 'Handed in, waiting for review', text: goOn };
  if (newest.mark === 'refused')
    return {
      title: 'Handed in, but it needs your attention',
      text: 'It has not reached the employer. Why, and what can be done, stands under Synchronisation.',
    };
  return {
    title: 'Handed in, not sent yet',
    text: `It is kept on this computer and goes to the employer by itself, as soon as there is a connection. ${goOn}`,
  };
}

export interface VerdictText {
  readonly text: string;
  readonly tone: Tone;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** What counts (SY-18), or that there is no verdict yet. */
export function describeVerdict(
  submission: Pick<Submission, 'verdict' | 'latenessDecision'>,
): VerdictText {
  const { latenessDecision } = submission;
  if (latenessDecision === null) return describeServerVerdict(submission.verdict);
  const { verdict, deciderName, reason } = latenessDecision;
  return {
    text: verdict === 'on_time' ? 'On time' : 'Late',
    tone: verdict === 'on_time' ? 'positive' : 'warning',
    reason: `The clocks contradicted each other, and ${deciderName === '' ? 'the employer' : deciderName} decided: “${reason}”`,
  };
}

function describeServerVerdict(verdict: Submission['verdict']): VerdictText {
  switch (verdict) {
    case 'on_time':
      return {
        text: 'On time',
        tone: 'positive',
        reason: 'The server had it before the deadline.',
      };
    case 'on_time_by_device_clock':
      return {
        text: 'On time by your clock',
        tone: 'positive',
        reason:
          'Handed in before the deadline by your computer’s clock, and on the server within the grace time.',
      };
    case 'late':
      return {
        text: 'Late',
        tone: 'warning',
        reason: 'It was handed in after the deadline, or reached the server after the grace time.',
      };
    case 'clock_inconsistent':
      return {
        text: 'Clocks disagree',
        tone: 'neutral',
        reason:
          'What your computer’s clock says and what the server knows cannot both be true, so the employer decides. That happens without anybody’s doing; tell them what you know of it.',
      };
    case null:
      return {
        text: 'No verdict yet',
        tone: 'neutral',
        reason: 'The server says whether it is on time when it arrives there.',
      };
  }
}
