import type { Submission } from '../../../shared/contract/shapes.ts';
import type { SubmissionMark } from '../../../shared/domain/submission-marks.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatDateTime } from '../../format/date-time.ts';
import type { Tone } from '../../ui/notice.tsx';

export interface Statement {
  readonly id: string;
  /** Two or three words, for a badge. */
  readonly label: string;
  readonly tone: Tone;
  /** One sentence that says what it means and who says so. */
  readonly detail: string;
}

/** The verdict in words, with what is proven and what is only claimed (SY-18). */
export function describeVerdict(
  submission: Pick<
    Submission,
    'verdict' | 'latenessDecision' | 'claimedAt' | 'receivedAt' | 'internName'
  >,
): Statement {
  const { verdict, latenessDecision, claimedAt, receivedAt, internName } = submission;
  if (latenessDecision !== null) return describeDecision(latenessDecision);
  const claimed = formatDateTime(claimedAt);
  const received = receivedAt === null ? '' : formatDateTime(receivedAt);
  switch (verdict) {
    case 'on_time':
      return {
        id: 'verdict',
        label: 'On time',
        tone: 'positive',
        detail: `The server received it before the deadline, on ${received}.`,
      };
    case 'on_time_by_device_clock':
      return {
        id: 'verdict',
        label: 'On time by device clock',
        tone: 'warning',
        detail: `${isolate(internName)}’s computer says ${claimed}, before the deadline. It reached the server on ${received}, within the grace time. The computer’s clock is a claim, not a proof.`,
      };
    case 'late':
      return {
        id: 'verdict',
        label: 'Late',
        tone: 'negative',
        detail: `Handed in on ${claimed} by ${isolate(internName)}’s computer; the server received it on ${received}.`,
      };
    case 'clock_inconsistent':
      return {
        id: 'verdict',
        label: 'Clocks disagree',
        tone: 'warning',
        detail: `${isolate(internName)}’s computer says ${claimed}; it reached the server on ${received}. The two clocks contradict each other.`,
      };
    case null:
      return {
        id: 'verdict',
        label: 'No receipt yet',
        tone: 'neutral',
        detail: 'The server has not stated yet when it arrived.',
      };
    default:
      return verdict satisfies never;
  }
}

function describeDecision(decision: NonNullable<Submission['latenessDecision']>): Statement {
  const { verdict, deciderName, decidedAt, reason } = decision;
  return {
    id: 'verdict',
    label: verdict === 'on_time' ? 'On time' : 'Late',
    tone: verdict === 'on_time' ? 'positive' : 'negative',
    detail: `The clocks contradicted each other. ${deciderName === '' ? 'A colleague' : deciderName} decided, on ${formatDateTime(decidedAt)}: “${reason}”`,
  };
}

const marks: Record<Exclude<SubmissionMark, 'brief_changed'>, Omit<Statement, 'id'>> = {
  task_cancelled: {
    label: 'Task was cancelled',
    tone: 'warning',
    detail: 'The task had been cancelled when this arrived. Nothing that is handed in is refused.',
  },
  engagement_ended: {
    label: 'Engagement had ended',
    tone: 'warning',
    detail: 'The engagement had ended when this arrived. Nothing that is handed in is refused.',
  },
  project_closed: {
    label: 'Project was closed',
    tone: 'warning',
    detail: 'The project had been closed when this arrived. Nothing that is handed in is refused.',
  },
  deadline_moved_unseen: {
    label: 'Deadline moved unseen',
    tone: 'neutral',
    detail: 'The deadline was moved while the intern was offline. The one they could see counts.',
  },
  resent_after_restore: {
    label: 'Sent again',
    tone: 'neutral',
    detail:
      'The server had lost it, and got it again from the intern’s computer, which had no receipt yet.',
  },
};

function describeMark(mark: SubmissionMark, { brief }: Submission): Statement {
  if (mark !== 'brief_changed') return { id: mark, ...marks[mark] };
  return {
    id: mark,
    label: 'Brief changed',
    tone: 'warning',
    detail: `It answers version ${brief.version}; the brief had changed by the time it arrived.`,
  };
}

/** The verdict first, then everything that was different when it arrived. */
export function describeSubmission(submission: Submission): readonly Statement[] {
  return [
    describeVerdict(submission),
    ...submission.marks.map((mark) => describeMark(mark, submission)),
  ];
}

/** "Inês" for "Inês Carvalho": how one writes to a person. */
export function computeFirstName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? name;
}
