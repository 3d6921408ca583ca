import { VisuallyHidden } from 'react-aria-components';
import type { ReactNode } from 'react';
import { cx } from '../../ui/cx.ts';
import type { PlaceMark } from './place-mark.ts';
import styles from './place-list.module.css';

export interface PlaceListItem {
  readonly mark: PlaceMark;
  /** "page 2", "“three words”", "a region". */
  readonly place: string;
  readonly content: ReactNode;
}

export interface PlaceListProps {
  readonly label: string;
  readonly items: readonly PlaceListItem[];
  readonly activeId: string | null;
  readonly onActivate: (id: string) => void;
}

/** What was said of places in a file, by number; choosing one shows where it is. */
export function PlaceList({ label, items, activeId, onActivate }: PlaceListProps) {
  if (items.length === 0) return null;
  return (
    <ol className={styles.list} aria-label={label}>
      {items.map(({ mark, place, content }) => (
        <li key={mark.id} className={cx(styles.item, mark.id === activeId && styles.active)}>
          <button
            type="button"
            className={styles.place}
            aria-pressed={mark.id === activeId}
            onClick={() => onActivate(mark.id)}
          >
            <VisuallyHidden>{'Show where comment '}</VisuallyHidden>
            <span className={styles.number}>{mark.number}</span>
            <VisuallyHidden>{' is: '}</VisuallyHidden>
            <span className={styles.words}>{place}</span>
          </button>
          {content}
        </li>
      ))}
    </ol>
  );
}
