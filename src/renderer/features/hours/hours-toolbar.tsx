import { ChevronLeft, ChevronRight } from 'lucide-react';
import { formatDuration } from '../../format/duration.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import styles from './hours-screen.module.css';

export type HoursView = 'week' | 'month' | 'list';

const views: readonly { readonly id: HoursView; readonly label: string }[] = [
  { id: 'week', label: 'Week' },
  { id: 'month', label: 'Month' },
  { id: 'list', label: 'List' },
];

export interface HoursToolbarProps {
  /** The days that are shown, in words. */
  readonly title: string;
  readonly noun: 'week' | 'month' | 'year';
  readonly isNow: boolean;
  readonly view: HoursView;
  /** Seconds, of all that is shown; undefined while it is being asked for. */
  readonly sums: { readonly total: number; readonly covered: number } | undefined;
  readonly onStep: (by: 1 | -1) => void;
  readonly onNow: () => void;
  readonly onView: (view: HoursView) => void;
}

/** Which days are shown, how, and what they come to: the sum, and where entries overlap the time that really passed. */
export function HoursToolbar({
  title,
  noun,
  isNow,
  view,
  sums,
  onStep,
  onNow,
  onView,
}: HoursToolbarProps) {
  return (
    <div className={styles.week}>
      <IconButton
        label={`The ${noun} before`}
        icon={<ChevronLeft />}
        keys={['[']}
        onPress={() => onStep(-1)}
      />
      <h2 className={styles.range} aria-live="polite">
        {title}
      </h2>
      <IconButton
        label={`The ${noun} after`}
        icon={<ChevronRight />}
        keys={[']']}
        onPress={() => onStep(1)}
      />
      {isNow ? (
        <span className={styles.now}>this {noun}</span>
      ) : (
        <Button size="small" variant="quiet" keys={['T']} onPress={onNow}>
          This week
        </Button>
      )}
      <RadioGroup<HoursView>
        label="View"
        isLabelHidden
        isRow
        options={views}
        value={view}
        onChange={onView}
      />
      {sums === undefined ? null : (
        <span className={styles.sum}>
          {sums.covered < sums.total ? (
            <span className={styles.covered}>
              {formatDuration(1000 * sums.covered)} without overlaps
            </span>
          ) : null}
          {formatDuration(1000 * sums.total)}
        </span>
      )}
    </div>
  );
}
