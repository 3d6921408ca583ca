import { useState } from 'react';
import { Trash2 } from 'lucide-react';
import type { FileItem, Submission } from '../../../shared/contract/shapes.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { IconButton } from '../../ui/button.tsx';
import { describeSelectors } from '../../../shared/domain/describe-selectors.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import type { FileMarks } from '../annotations/place-mark.ts';
import type { PlaceListItem } from '../annotations/place-list.tsx';
import { describeMeasure } from './describe-place.ts';
import { CriterionField, RemarkField } from './remark-field.tsx';
import { Remark } from './remark.tsx';
import { placeKey, type DraftControl, type DraftRemark } from './review-draft.ts';
import styles from './remark.module.css';

export interface FilePlacesOptions {
  readonly submission: Submission;
  readonly file: FileItem;
  /** Undefined where nothing can be written any more. */
  readonly control: DraftControl | undefined;
}

/** What was said, and is being said, of places in a file: as marks on it, and as a list beside it. */
export function useFilePlaces({ submission, file, control }: FilePlacesOptions): {
  readonly places: FileMarks;
  readonly items: readonly PlaceListItem[];
} {
  const [activeId, setActiveId] = useState<string | null>(null);
  const { attachmentId } = file;
  const said = submission.reviews.flatMap((review) =>
    review.comments
      .filter((comment) => comment.attachmentId === attachmentId && comment.selectors.length > 0)
      .map((comment) => ({ ...comment, reviewerName: review.reviewerName })),
  );
  const drafts = (control?.draft.remarks ?? []).filter(
    (remark) => remark.attachmentId === attachmentId && remark.selectors.length > 0,
  );
  const name = computeReadableName(file.name);
  const items: PlaceListItem[] = [
    ...said.map(({ reviewerName, ...remark }, index) => {
      const { id, selectors, text } = remark;
      return {
        mark: { id, number: index + 1, selectors, text },
        place: describeSelectors(selectors),
        content: (
          <Remark
            by={[reviewerName, describeMeasure(submission, remark)]
              .filter((part) => part !== '')
              .join(' · ')}
            text={text}
          />
        ),
      };
    }),
    ...drafts.map((remark, index) => {
      const number = said.length + index + 1;
      const { key, selectors, text } = remark;
      return {
        mark: { id: key, number, selectors, text },
        place: describeSelectors(selectors),
        content: control && (
          <DraftPlace
            remark={remark}
            control={control}
            submission={submission}
            subject={`place ${number} in ${isolate(name)}`}
            isNew={key === activeId && text === ''}
          />
        ),
      };
    }),
  ];
  return {
    items,
    places: {
      marks: items.map(({ mark }) => mark),
      activeId,
      onActivate: setActiveId,
      onPlace:
        control &&
        ((selectors) => {
          const key = placeKey();
          control.writeRemark({ key, criterionId: null, attachmentId, selectors, text: '' });
          setActiveId(key);
        }),
    },
  };
}

interface DraftPlaceProps {
  readonly remark: DraftRemark;
  readonly control: DraftControl;
  readonly submission: Submission;
  readonly subject: string;
  readonly isNew: boolean;
}

function DraftPlace({ remark, control, submission, subject, isNew }: DraftPlaceProps) {
  // The place itself is what keeps it open; a field for it is focused only when the place has just been chosen.
  const field = { isOpen: true, isAsked: isNew, open: () => {}, close: () => {} };
  return (
    <>
      <RemarkField
        remark={field}
        subject={subject}
        text={remark.text}
        onChange={(text) => control.writeRemark({ ...remark, text })}
      />
      <div className={styles.draftLine}>
        <CriterionField
          criteria={submission.brief.criteria}
          criterionId={remark.criterionId}
          onChange={(criterionId) => control.writeRemark({ ...remark, criterionId })}
        />
        <IconButton
          label={`Remove the comment on ${subject}`}
          icon={<Trash2 />}
          onPress={() => control.removeRemark(remark.key)}
        />
      </div>
    </>
  );
}
