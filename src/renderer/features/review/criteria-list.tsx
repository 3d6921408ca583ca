import { Check, Minus } from 'lucide-react';
import { VisuallyHidden } from 'react-aria-components';
import type { Review, Submission } from '../../../shared/contract/shapes.ts';
import { cx } from '../../ui/cx.ts';
import { Muted } from '../../ui/stack.tsx';
import styles from './criteria-list.module.css';
import { RemarkField } from './remark-field.tsx';
import { Remark } from './remark.tsx';
import { criterionKey, type DraftControl } from './review-draft.ts';

export interface CriteriaListProps {
  readonly submission: Submission;
  /** The one before this, whose remarks should be answered by now. */
  readonly previous: Submission | undefined;
  /** Undefined where nothing can be written any more. */
  readonly control: DraftControl | undefined;
}

function listRemarksOn(reviews: readonly Review[], criterionId: string) {
  return reviews.flatMap((review) =>
    review.comments
      .filter((comment) => comment.criterionId === criterionId)
      .map((comment) => ({ ...comment, reviewerName: review.reviewerName })),
  );
}

/** The acceptance criteria, what the intern ticked, what was said of each before, and room for more. */
export function CriteriaList({ submission, previous, control }: CriteriaListProps) {
  const { criteria } = submission.brief;
  const ticked = new Set(submission.tickedCriterionIds);
  if (criteria.length === 0) {
    return (
      <Muted>This task has no acceptance criteria. The instructions say what is wanted.</Muted>
    );
  }
  return (
    <ol className={styles.list}>
      {criteria.map(({ id, text }, index) => {
        const isTicked = ticked.has(id);
        const tickText = `${submission.internName} ${isTicked ? 'ticked' : 'did not tick'} this`;
        return (
          <li key={id} className={styles.criterion}>
            <span className={cx(styles.tick, isTicked && styles.ticked)} title={tickText}>
              {isTicked ? <Check aria-hidden /> : <Minus aria-hidden />}
              <VisuallyHidden>{tickText}</VisuallyHidden>
            </span>
            <div className={styles.body}>
              <p>{text}</p>
              {previous === undefined
                ? null
                : listRemarksOn(previous.reviews, id).map((remark) => (
                    <Remark
                      key={remark.id}
                      by={`${remark.reviewerName}, on revision ${previous.revision}`}
                      text={remark.text}
                    />
                  ))}
              {listRemarksOn(submission.reviews, id).map((remark) => (
                <Remark key={remark.id} by={remark.reviewerName} text={remark.text} />
              ))}
              {control === undefined ? null : (
                <RemarkField
                  subject={`criterion ${index + 1}`}
                  text={control.draft.remarks[criterionKey(id)] ?? ''}
                  onChange={(remark) => control.writeRemark(criterionKey(id), remark)}
                />
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
