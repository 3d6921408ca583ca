import type { Brief } from '../../../shared/contract/shapes.ts';
import { computeWordDiff, createComparisonRoom, type DiffPiece } from '../comparison/text-diff.ts';

export interface CriterionChange {
  readonly id: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly pieces: readonly DiffPiece[];
}

/** Criteria are compared by their ids: one that was reworded is the same criterion still. */
export function computeCriteriaChanges(before: Brief, after: Brief): readonly CriterionChange[] {
  const oldTexts = new Map(before.criteria.map(({ id, text }) => [id, text]));
  const keptIds = new Set(after.criteria.map(({ id }) => id));
  const changes: CriterionChange[] = [];
  const room = createComparisonRoom();
  for (const { id, text } of after.criteria) {
    const oldText = oldTexts.get(id);
    if (oldText === undefined)
      changes.push({ id, kind: 'added', pieces: [{ kind: 'added', text }] });
    else if (oldText !== text)
      changes.push({ id, kind: 'changed', pieces: computeWordDiff(oldText, text, room) });
  }
  for (const { id, text } of before.criteria)
    if (!keptIds.has(id))
      changes.push({ id, kind: 'removed', pieces: [{ kind: 'removed', text }] });
  return changes;
}
