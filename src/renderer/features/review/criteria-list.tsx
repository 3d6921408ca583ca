import { Check, Minus } from 'lucide-react';
import { VisuallyHidden } from 'react-aria-components';
import type { Review, Submission } from '../../../shared/contract/shapes.ts';
import type { Criterion } from '../../../shared/domain/fields.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { cx } from '../../ui/cx.ts';
import { Muted } from '../../ui/stack.tsx';
import styles from './criteria-list.module.css';
import { RemarkButton, RemarkField, useRemark } from './remark-field.tsx';
import { Remark } from './remark.tsx';
import { describePlace } from './describe-place.ts';
import { criterionKey, findRemark, type DraftControl } from './review-draft.ts';

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

/** In which file, where it is about one. */
function describeFile(
  submission: Submission,
  { attachmentId, selectors }: Pick<Review['comments'][number], 'attachmentId' | 'selectors'>,
): string {
  if (attachmentId === null) return '';
  return ` · ${describePlace(submission, { criterionId: null, attachmentId, selectors })}`;
}

/** The acceptance criteria, what the intern ticked, what was said of each before, and room for more. */
export function CriteriaList({ submission, previous, control }: CriteriaListProps) {
  const { criteria } = submission.brief;
  if (criteria.length === 0) {
    return (
      <Muted>This task has no acceptance criteria. The instructions say what is wanted.</Muted>
    );
  }
  return (
    <ol className={styles.list}>
      {criteria.map((criterion, index) => (
        <CriterionLine
          key={criterion.id}
          criterion={criterion}
          number={index + 1}
          submission={submission}
          previous={previous}
          control={control}
        />
      ))}
    </ol>
  );
}

interface CriterionLineProps extends CriteriaListProps {
  readonly criterion: Criterion;
  readonly number: number;
}

function CriterionLine({ criterion, number, submission, previous, control }: CriterionLineProps) {
  const { id, text } = criterion;
  const key = criterionKey(id);
  const written = control === undefined ? '' : (findRemark(control.draft, key)?.text ?? '');
  const remark = useRemark(written);
  const isTicked = submission.tickedCriterionIds.includes(id);
  const tickText = `${isolate(submission.internName)} ${isTicked ? 'ticked' : 'did not tick'} this`;
  const subject = `criterion ${number}`;
  useShortcut(
    { keys: [String(number)], label: `Comment on ${subject}`, group: 'Reviewing' },
    remark.open,
    control !== undefined && number <= 9,
  );
  return (
    <li className={styles.criterion}>
      <span className={cx(styles.tick, isTicked && styles.ticked)} title={tickText}>
        {isTicked ? <Check aria-hidden /> : <Minus aria-hidden />}
        <VisuallyHidden>{tickText}</VisuallyHidden>
      </span>
      <div className={styles.body}>
        <p>{text}</p>
        {previous === undefined
          ? null
          : listRemarksOn(previous.reviews, id).map((said) => (
              <Remark
                key={said.id}
                by={`${isolate(said.reviewerName)}, on revision ${previous.revision}${describeFile(previous, said)}`}
                text={said.text}
              />
            ))}
        {listRemarksOn(submission.reviews, id).map((said) => (
          <Remark
            key={said.id}
            by={`${isolate(said.reviewerName)}${describeFile(submission, said)}`}
            text={said.text}
          />
        ))}
        {control === undefined ? null : (
          <RemarkField
            remark={remark}
            subject={subject}
            text={written}
            onChange={(next) =>
              control.writeRemark({
                key,
                criterionId: id,
                attachmentId: null,
                selectors: [],
                text: next,
              })
            }
          />
        )}
      </div>
      {control === undefined ? null : <RemarkButton remark={remark} subject={subject} />}
    </li>
  );
}
