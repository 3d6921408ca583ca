import type { ReactElement, ReactNode } from 'react';
import { Dialog, DialogTrigger, Popover as AriaPopover } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './overlay.module.css';

export interface PopoverProps {
  readonly label: string;
  /** A `Button` or `IconButton`. */
  readonly trigger: ReactElement;
  readonly children: ReactNode | ((close: () => void) => ReactNode);
  readonly placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end' | 'right top';
}

export function Popover({ label, trigger, children, placement = 'bottom start' }: PopoverProps) {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover
        placement={placement}
        offset={4}
        className={cx(styles.popover)}
        // oxlint-disable-next-line jsx-a11y/aria-proptypes -- takes away what the trigger gives: the dialog within has the name, and what has no role may have none.
        aria-labelledby=""
      >
        <Dialog aria-label={label} className={cx(styles.padded)}>
          {({ close }) => (typeof children === 'function' ? children(close) : children)}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
