import { cx } from './cx.ts';
import styles from './feedback.module.css';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function firstLetter(word: string): string {
  const [first] = segmenter.segment(word);
  return first?.segment.toLocaleUpperCase() ?? '';
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  return firstLetter(first ?? '?') + (last === undefined ? '' : firstLetter(last));
}

export interface AvatarProps {
  readonly name: string;
  readonly sizePx?: 16 | 20 | 24 | 32 | 40;
  /** Square for an organization. */
  readonly isSquare?: boolean;
}

/** Decoration: the name itself always stands beside it. */
export function Avatar({ name, sizePx = 24, isSquare = false }: AvatarProps) {
  return (
    <span
      aria-hidden
      className={cx(styles.avatar, isSquare && styles.square)}
      style={{ '--avatar-size': `${sizePx / 16}rem` } as React.CSSProperties}
    >
      {isSquare || sizePx < 24 ? initialsOf(name).slice(0, 1) : initialsOf(name)}
    </span>
  );
}
