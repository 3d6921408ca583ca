import { Check, Minus } from 'lucide-react';
import { VisuallyHidden } from 'react-aria-components';
import type { Criterion } from '../../../shared/domain/fields.ts';
import type { Submission } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';
import { formatCount } from '../../format/numbers.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { invalidateSoon } from '../../client/queries.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { TaskSection } from './task-section.tsx';
import { useTaskPatch, type Task, type TaskKey } from './use-task.ts';
import styles from './criteria-list.module.css';

interface CriterionRemark {
  readonly id: string;
  readonly text: string;
  readonly reviewerName: string;
}

/** What the newest review said about each criterion, while it asks for changes. */
function collectRemarks(
  submissions: readonly Submission[],
): ReadonlyMap<string, readonly CriterionRemark[]> {
  const review = submissions[0]?.reviews.findLast(({ counts }) => counts);
  if (review?.decision !== 'changes_requested') return new Map();
  const remarks = new Map<string, CriterionRemark[]>();
  const { reviewerName } = review;
  for (const { id, criterionId, text } of review.comments)
    if (criterionId !== null)
      remarks.set(criterionId, [...(remarks.get(criterionId) ?? []), { id, text, reviewerName }]);
  return remarks;
}

export interface CriteriaProps extends TaskKey {
  readonly task: Task;
}

/** The acceptance criteria. For the intern a checklist, kept with the draft; for the employer what was ticked. */
export function Criteria({ seatId, taskId, task }: CriteriaProps) {
  const { criteria } = task.brief;
  const { draft, submissions } = task;
  const ticked = new Set(draft?.tickedCriterionIds ?? submissions[0]?.tickedCriterionIds ?? []);
  const remarks = collectRemarks(submissions);
  if (criteria.length === 0) return null;
  const tickedCount = criteria.filter(({ id }) => ticked.has(id)).length;
  return (
    <TaskSection
      title="Acceptance criteria"
      aside={`${formatCount(tickedCount)} of ${formatCount(criteria.length)}`}
    >
      <ul className={styles.list}>
        {criteria.map((criterion) => (
          <li key={criterion.id} className={styles.item}>
            {draft === null ? (
              <ReadCriterion criterion={criterion} isTicked={ticked.has(criterion.id)} />
            ) : (
              <TickCriterion
                seatId={seatId}
                taskId={taskId}
                criterion={criterion}
                isTicked={ticked.has(criterion.id)}
              />
            )}
            {(remarks.get(criterion.id) ?? []).map(({ id, text, reviewerName }) => (
              <div key={id} className={styles.remark}>
                <span className={styles.remarkLead}>{reviewerName}</span>
                <Markdown text={text} isCompact />
              </div>
            ))}
          </li>
        ))}
      </ul>
    </TaskSection>
  );
}

interface TickCriterionProps extends TaskKey {
  readonly criterion: Criterion;
  readonly isTicked: boolean;
}

function TickCriterion({ seatId, taskId, criterion, isTicked }: TickCriterionProps) {
  const patch = useTaskPatch({ seatId, taskId });
  const tick = useAction('draft.tickCriterion', { failure: 'The tick was not saved' });
  return (
    <Checkbox
      isSelected={isTicked}
      onChange={(ticked) => {
        patch((task) => setTicked(task, criterion.id, ticked));
        tick.mutate(
          { seatId, taskId, criterionId: criterion.id, ticked },
          { onError: () => invalidateSoon((query) => query.queryKey[0] === 'task.get') },
        );
      }}
    >
      {criterion.text}
    </Checkbox>
  );
}

function setTicked(task: Task, criterionId: string, ticked: boolean): Task {
  if (task.draft === null) return task;
  const others = task.draft.tickedCriterionIds.filter((id) => id !== criterionId);
  return {
    ...task,
    draft: { ...task.draft, tickedCriterionIds: ticked ? [...others, criterionId] : others },
  };
}

interface ReadCriterionProps {
  readonly criterion: Criterion;
  readonly isTicked: boolean;
}

/** A criterion that the reader cannot tick: someone else's, or one of the past. */
export function ReadCriterion({ criterion, isTicked }: ReadCriterionProps) {
  const Icon = isTicked ? Check : Minus;
  return (
    <span className={styles.read}>
      <span className={isTicked ? styles.yes : styles.no}>
        <Icon aria-hidden />
        <VisuallyHidden>{isTicked ? 'Ticked' : 'Not ticked'}</VisuallyHidden>
      </span>
      <span>{criterion.text}</span>
    </span>
  );
}
