import { useState } from 'react';
import type { ReplacedInTemplate } from '../../../shared/contract/project-shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { describeMinutes } from './describe-project.ts';
import styles from './replaced-unseen.module.css';

type Field = ReplacedInTemplate['field'];
type Value = ReplacedInTemplate['value'];

/** In the order of the form. */
const labels: Readonly<Record<Field, string>> = {
  title: 'Title',
  instructions: 'Instructions',
  dueDays: 'Due',
  dueTime: 'At',
  estimateMinutes: 'Estimate',
};
const order = Object.keys(labels);
const spokenLength = 60;

function describeValue({ field, value }: ReplacedInTemplate): string {
  if (value === null || value === '') return 'none';
  if (field === 'dueDays') return `${formatPlural(Number(value), 'day', 'days')} after the start`;
  return field === 'estimateMinutes' ? describeMinutes(Number(value)) : String(value);
}

export interface ReplacedUnseenProps {
  readonly replaced: readonly ReplacedInTemplate[];
  /** What stands in the form. */
  readonly written: Readonly<Record<Field, Value>>;
  readonly onWrite: (field: Field, value: Value) => void;
}

/** What one manager wrote and another wrote over without having seen it, to be put back into the form. */
export function ReplacedUnseen({ replaced, written, onWrite }: ReplacedUnseenProps) {
  /** By what was put back: what stood in its field before. */
  const [before, setBefore] = useState<ReadonlyMap<ReplacedInTemplate, Value>>(new Map());
  if (replaced.length === 0) return null;
  const [only, ...others] = new Set(replaced.map(({ replacedBy }) => replacedBy));
  const putBack = (each: ReplacedInTemplate) => {
    setBefore(new Map(before).set(each, written[each.field]));
    onWrite(each.field, each.value);
  };
  return (
    <Notice
      tone="warning"
      title={
        others.length === 0
          ? `${isolate(only ?? '')} replaced this without having seen it`
          : 'Replaced by people who had not seen it'
      }
    >
      <ul className={styles.list}>
        {replaced
          .toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field))
          .map((each) => {
            const { field, value, replacedBy, replacedAt } = each;
            const text = describeValue(each);
            const previous = written[field] === value ? before.get(each) : undefined;
            const action = previous === undefined ? 'Put it back' : 'Undo';
            return (
              <li key={`${field}/${replacedAt}`} className={styles.item}>
                <span className={styles.field}>{labels[field]}</span>
                <span className={styles.value}>
                  <bdi className={styles.text}>{text}</bdi>
                  {others.length === 0 ? null : (
                    <Muted>
                      replaced by <bdi>{replacedBy}</bdi>
                    </Muted>
                  )}
                </span>
                <Button
                  size="small"
                  aria-label={`${action}: ${labels[field]}, ${isolate(text.slice(0, spokenLength))}`}
                  onPress={() =>
                    previous === undefined ? putBack(each) : onWrite(field, previous)
                  }
                >
                  {action}
                </Button>
              </li>
            );
          })}
      </ul>
    </Notice>
  );
}
