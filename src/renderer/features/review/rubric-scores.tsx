import { useRef } from 'react';
import type { RubricCriterion } from '../../../shared/domain/rubric.ts';
import type { RubricScore } from '../../../shared/domain/rubric-score.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { formatCount } from '../../format/numbers.ts';
import { NumberField } from '../../ui/number-field.tsx';
import type { DraftControl } from './review-draft.ts';
import styles from './rubric-scores.module.css';

export interface RubricScoresProps {
  readonly rubric: readonly RubricCriterion[];
  /** Those that were given; undefined while they can be written. */
  readonly given: readonly RubricScore[] | undefined;
  readonly control: DraftControl | undefined;
}

/** Points for each line of the project's rubric: digits and Tab, or the arrow keys. */
export function RubricScores({ rubric, given, control }: RubricScoresProps) {
  const listRef = useRef<HTMLDivElement>(null);
  useShortcut(
    { keys: ['S'], label: 'Score by the rubric', group: 'Reviewing' },
    () => listRef.current?.querySelector('input')?.select(),
    control !== undefined,
  );
  const scores =
    control?.draft.scores ??
    Object.fromEntries((given ?? []).map((score) => [score.rubricCriterionId, score.points]));
  const known = rubric.filter(({ id }) => scores[id] !== undefined);
  const total = known.reduce((sum, { id }) => sum + (scores[id] ?? 0), 0);
  const most = known.reduce((sum, { points }) => sum + points, 0);
  return (
    <div ref={listRef} className={styles.scores}>
      {rubric.map(({ id, text, points }) =>
        control === undefined ? (
          <p key={id} className={styles.line}>
            <span>{text}</span>
            <span className={styles.points}>
              {scores[id] === undefined
                ? 'not scored'
                : `${formatCount(scores[id])} of ${formatCount(points)}`}
            </span>
          </p>
        ) : (
          <NumberField
            key={id}
            label={text}
            value={scores[id] ?? Number.NaN}
            onChange={(value) => control.score(id, Number.isNaN(value) ? null : Math.round(value))}
            minValue={0}
            maxValue={points}
            step={1}
            unit={`of ${formatCount(points)}`}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && event.target instanceof HTMLElement)
                event.target.blur();
              // A number field hands over the browser's own event, which goes on by itself.
              else if ('continuePropagation' in event) event.continuePropagation();
            }}
          />
        ),
      )}
      {known.length < 2 ? null : (
        <p className={styles.line}>
          <strong>Together</strong>
          <span className={styles.points}>
            {formatCount(total)} of {formatCount(most)}
          </span>
        </p>
      )}
    </div>
  );
}
