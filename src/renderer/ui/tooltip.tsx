import type { ReactElement } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';
import { cx } from './cx.ts';
import { KeyHint } from './key-hint.tsx';
import styles from './overlay.module.css';

export interface TooltipProps {
  readonly text: string;
  readonly keys?: readonly string[];
  /** One focusable element. */
  readonly children: ReactElement;
}

export function Tooltip({ text, keys, children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <AriaTooltip offset={6} className={cx(styles.tooltip)}>
        {text}
        {keys === undefined ? null : <KeyHint keys={keys} />}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
