import type { ReplacedInTemplate } from '../../../shared/contract/project-shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { describeMinutes } from './describe-project.ts';
import styles from './replaced-unseen.module.css';

const labels: Readonly<Record<ReplacedInTemplate['field'], string>> = {
  title: 'Title',
  instructions: 'Instructions',
  estimateMinutes: 'Estimate',
  dueDays: 'Due',
  dueTime: 'At',
};

function describeValue({ field, value }: ReplacedInTemplate): string {
  if (value === null || value === '') return 'none';
  if (field === 'dueDays') return `${formatPlural(Number(value), 'day', 'days')} after the begin`;
  return field === 'estimateMinutes' ? describeMinutes(Number(value)) : String(value);
}

export interface ReplacedUnseenProps {
  readonly replaced: readonly ReplacedInTemplate[];
  readonly onTakeUp: (replaced: ReplacedInTemplate) => void;
}

/** What one manager wrote and another wrote over without having seen it, to be put back into the form. */
export function ReplacedUnseen({ replaced, onTakeUp }: ReplacedUnseenProps) {
  if (replaced.length === 0) return null;
  return (
    <Notice tone="warning" title="Replaced by somebody who had not seen it">
      <ul className={styles.list}>
        {replaced.map((each) => (
          <li key={`${each.field}/${each.replacedAt}`} className={styles.item}>
            <span>
              {labels[each.field]}, replaced by <bdi>{each.replacedBy}</bdi>:
            </span>
            <span className={styles.value}>{describeValue(each)}</span>
            <Button
              size="small"
              aria-label={`Put it back: ${labels[each.field]}, ${isolate(describeValue(each))}`}
              onPress={() => onTakeUp(each)}
            >
              Put it back
            </Button>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
