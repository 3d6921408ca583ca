import type { Submission } from '../../../shared/contract/shapes.ts';

/** The employer still has to say whether it counts as on time (SY-18). */
export function needsLatenessDecision({
  verdict,
  latenessDecision,
}: Pick<Submission, 'verdict' | 'latenessDecision'>): boolean {
  return verdict === 'clock_inconsistent' && latenessDecision === null;
}
