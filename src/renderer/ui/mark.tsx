import { ArrowUp, Check, CircleAlert, Laptop } from 'lucide-react';
import { cx } from './cx.ts';
import { formatPercent } from '../format/numbers.ts';
import { VisuallyHidden } from 'react-aria-components';
import styles from './feedback.module.css';

export type MarkState = 'local' | 'sending' | 'server' | 'file' | 'refused';

export interface MarkProps {
  readonly state: MarkState;
  /** For `file`: how much of it is on the server, 0 to 1. */
  readonly fraction?: number;
  /** The words beside the sign; without them they are in the tooltip. */
  readonly isLabelled?: boolean;
}

const texts: Record<Exclude<MarkState, 'file'>, string> = {
  local: 'On this computer',
  sending: 'Sending',
  server: 'On the server',
  refused: 'Refused',
};

function Sign({ state, fraction }: { readonly state: MarkState; readonly fraction: number }) {
  switch (state) {
    case 'local':
      return <Laptop aria-hidden />;
    case 'sending':
      return <ArrowUp aria-hidden className={styles.moving} />;
    case 'server':
      return <Check aria-hidden />;
    case 'refused':
      return <CircleAlert aria-hidden />;
    case 'file':
      return (
        <svg viewBox="0 0 16 16" aria-hidden className={styles.ring}>
          <circle cx="8" cy="8" r="6" className={styles.ringTrack} />
          <circle
            cx="8"
            cy="8"
            r="6"
            pathLength="1"
            strokeDasharray={`${fraction} 1`}
            className={styles.ringValue}
          />
        </svg>
      );
  }
}

/** Where one thing stands between this computer and the server. */
export function Mark({ state, fraction = 0, isLabelled = false }: MarkProps) {
  const text = state === 'file' ? `File ${formatPercent(fraction)}` : texts[state];
  return (
    <span className={cx(styles.mark, styles[`mark-${state}`])} title={text}>
      <Sign state={state} fraction={fraction} />
      {isLabelled ? text : <VisuallyHidden>{text}</VisuallyHidden>}
    </span>
  );
}
