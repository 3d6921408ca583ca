import { cx } from './cx.ts';
import styles from './key-hint.module.css';

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

const names: Record<string, string> = isApple
  ? { Mod: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↵', Escape: 'esc' }
  : { Mod: 'Ctrl', Enter: '↵', Escape: 'Esc' };

export interface KeyHintProps {
  /**
   * Pressed together, for example `['Mod', 'K']`, one after the other: `['G', 'then', 'T']`, or any of a row:
   * `['1', 'to', '9']`. `Mod` is Ctrl, or Cmd on a Mac.
   */
  readonly keys: readonly string[];
  readonly isInverted?: boolean;
}

export function KeyHint({ keys, isInverted = false }: KeyHintProps) {
  return (
    <kbd className={cx(styles.hint, isInverted && styles.inverted)} aria-hidden>
      {keys.map((key) => (
        <span key={key} className={key === 'then' || key === 'to' ? styles.then : styles.key}>
          {names[key] ?? key}
        </span>
      ))}
    </kbd>
  );
}
