/**
 * A task's state is derived, never stored (design, section 2): two people could not overwrite it.
 */
export type TaskState =
  | 'to_do'
  | 'in_progress'
  | 'submitted'
  | 'changes_requested'
  | 'accepted'
  | 'cancelled';

export const taskStates = [
  'to_do',
  'in_progress',
  'submitted',
  'changes_requested',
  'accepted',
  'cancelled',
] as const satisfies readonly TaskState[];

/**
 * @param facts what is known of the task: whether it was cancelled; the decision that counts on the
 * newest submission, if there is one (`null` = not decided yet); whether an earlier revision was accepted;
 * whether the intern has begun (a draft, a file, a tick, time or a running timer).
 */
export function computeTaskState(facts: {
  readonly isCancelled: boolean;
  readonly hasSubmission: boolean;
  readonly newestDecision: 'accepted' | 'changes_requested' | null;
  readonly hasAcceptedRevision: boolean;
  readonly hasBegun: boolean;
}): TaskState {
  if (facts.newestDecision === 'accepted' || facts.hasAcceptedRevision) return 'accepted';
  if (facts.isCancelled) return 'cancelled';
  if (facts.hasSubmission)
    return facts.newestDecision === 'changes_requested' ? 'changes_requested' : 'submitted';
  return facts.hasBegun ? 'in_progress' : 'to_do';
}
