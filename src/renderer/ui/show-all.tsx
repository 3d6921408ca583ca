import { formatCount } from '../format/numbers.ts';
import { Button } from './button.tsx';
import styles from './show-all.module.css';

export interface ShowAllProps {
  readonly shown: number;
  readonly total: number;
  readonly onPress: () => void;
}

/** Below a list of which only the first rows were fetched; nothing where those are all. */
export function ShowAll({ shown, total, onPress }: ShowAllProps) {
  return shown >= total ? null : (
    <p className={styles.foot} data-below-list>
      <span className={styles.count}>
        The first {formatCount(shown)} of {formatCount(total)}
      </span>
      <Button size="small" onPress={onPress}>
        Show all
      </Button>
    </p>
  );
}
