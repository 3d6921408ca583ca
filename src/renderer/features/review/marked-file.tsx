import { useState } from 'react';
import type { FileItem, Review, Submission } from '../../../shared/contract/shapes.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { Button } from '../../ui/button.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { describeSelectors } from '../../../shared/domain/describe-selectors.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { PlaceList } from '../annotations/place-list.tsx';
import { describeCriterion } from './describe-place.ts';
import { FilePreview } from './file-preview.tsx';
import styles from './marked-file.module.css';

export interface MarkedFileProps {
  readonly submission: Submission;
  readonly file: FileItem;
  /** Those about places in this file. */
  readonly comments: Review['comments'];
}

/** What a review says of places in a file: by number, and on the file itself where one asks for it. */
export function MarkedFile({ submission, file, comments }: MarkedFileProps) {
  const [activeId, setActiveId] = useState<string | null>(null);
  const [isShown, setIsShown] = useState(false);
  const name = computeReadableName(file.name);
  const items = comments.map(({ id, selectors, text, criterionId }, index) => ({
    mark: { id, number: index + 1, selectors, text },
    place: describeSelectors(selectors),
    content: (
      <div className={styles.said}>
        {criterionId === null ? null : (
          <span className={styles.about}>{describeCriterion(submission, criterionId)}</span>
        )}
        <Markdown text={text} isCompact />
      </div>
    ),
  }));
  const show = (id: string) => {
    setIsShown(true);
    setActiveId(id);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the same file stands in the history as well: no landmark.
    <div role="group" className={styles.file} aria-label={`Comments in ${isolate(name)}`}>
      <div className={styles.line}>
        <strong className={styles.name}>{name}</strong>
        {file.isHere ? (
          <Button
            size="small"
            variant="quiet"
            aria-expanded={isShown}
            onPress={() => setIsShown(!isShown)}
          >
            {isShown ? 'Hide the file' : 'Show the places'}
          </Button>
        ) : (
          <span className={styles.about}>not on this computer yet</span>
        )}
      </div>
      <PlaceList
        label={`Places in ${isolate(name)}`}
        items={items}
        activeId={activeId}
        onActivate={show}
      />
      {isShown && file.isHere ? (
        <FilePreview
          seatId={submission.seatId}
          file={file}
          places={{
            marks: items.map(({ mark }) => mark),
            // Whoever only opens the file is shown the first place.
            activeId: activeId ?? items[0]?.mark.id ?? null,
            onActivate: show,
          }}
        />
      ) : null}
    </div>
  );
}
