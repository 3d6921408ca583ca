import type { EngagementEvaluations } from '../../../shared/contract/evaluation-requests.ts';
import type { EvaluationContent } from '../../../shared/domain/evaluation.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import { formatDateTime } from '../../format/date-time.ts';

export const employerQuestions = {
  quality: 'Quality of the work',
  reliability: 'Reliability: on time, as agreed',
  communication: 'Communication',
  independence: 'Works without being asked twice',
} as const;

export const internQuestions = {
  clarity: 'Clarity of briefs and tasks',
  feedback: 'Feedback: useful and in time',
  fairness: 'Fairness of hours, pay and decisions',
  learning: 'What I learned',
} as const;

export const offerKinds = {
  more_work: 'More work of this kind',
  permanent_role: 'A permanent role',
} as const;

/** The questions that this side was asked, with what it answered. */
export function listRatings(
  content: EvaluationContent,
): readonly { readonly label: string; readonly score: number | null }[] {
  return content.side === 'employer'
    ? Object.entries(employerQuestions).map(([name, label]) => ({
        label,
        score: content.ratings[name as keyof typeof employerQuestions],
      }))
    : Object.entries(internQuestions).map(([name, label]) => ({
        label,
        score: content.ratings[name as keyof typeof internQuestions],
      }));
}

/** Whether what is written now is read at once: one side has been heard, or the fourteen days are over. */
export function isUnsealed(
  { opened, opensAt }: Pick<EngagementEvaluations, 'opened' | 'opensAt'>,
  nowMs: number,
): boolean {
  return opened.length > 0 || (opensAt !== null && computeEpochMs(opensAt) <= nowMs);
}

/** Who reads what is written, and when: said before it is written. */
export function describeReaders(
  evaluations: Pick<EngagementEvaluations, 'opened' | 'opensAt'>,
  other: string,
  nowMs: number,
): string {
  const { opened, opensAt } = evaluations;
  if (opened.length > 0) return `${other} has been heard already and reads yours at once.`;
  if (opensAt === null) return '';
  return isUnsealed(evaluations, nowMs)
    ? `The fourteen days are over: ${other} can read yours as soon as the server has it, and it stands.`
    : `Sealed until both of you have given one, at the latest until ${formatDateTime(opensAt)}. Then both read both, and they stand.`;
}
