import { TriangleAlert } from 'lucide-react';
import { ReviewView } from './review-view.tsx';
import type { Task } from './use-task.ts';
import styles from './requested-changes.module.css';

/** What the employer wants changed, before anything else: it is what the task is opened for now. */
export function RequestedChanges({ task }: { readonly task: Task }) {
  const [newest] = task.submissions;
  const review = newest?.reviews.findLast(({ counts }) => counts);
  if (newest === undefined || review?.decision !== 'changes_requested') return null;
  if (task.item.state !== 'changes_requested') return null;
  return (
    <section className={styles.changes} aria-label="Changes requested">
      <h3 className={styles.title}>
        <TriangleAlert aria-hidden /> Changes were requested
      </h3>
      <ReviewView review={review} submission={newest} rubric={task.rubric} isWithoutDecision />
      <p className={styles.quiet}>
        Your files and your note are still here: change them and hand in again.
      </p>
    </section>
  );
}
