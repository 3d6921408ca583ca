import type { EvaluationContent } from '../../../shared/domain/evaluation.ts';

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
