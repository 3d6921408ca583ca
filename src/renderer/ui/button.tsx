import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { cx } from './cx.ts';
import { KeyHint } from './key-hint.tsx';
import { Tooltip } from './tooltip.tsx';
import styles from './button.module.css';

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  readonly children: ReactNode;
  /** `primary` is the one next thing to do; at most one on a screen. */
  readonly variant?: ButtonVariant;
  readonly size?: 'small' | 'medium' | 'large';
  readonly icon?: ReactNode;
  /** Shown inside the button, for example `['Mod', 'Enter']`. It binds nothing by itself. */
  readonly keys?: readonly string[];
  readonly isWide?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  children,
  variant = 'secondary',
  size = 'medium',
  icon,
  keys,
  isWide = false,
  ...rest
}: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      className={cx(styles.button, styles[variant], styles[size], isWide && styles.wide)}
    >
      {icon === undefined ? null : (
        <span className={styles.icon} aria-hidden>
          {icon}
        </span>
      )}
      <span>{children}</span>
      {keys === undefined ? null : <KeyHint keys={keys} isInverted={variant === 'primary'} />}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<
  AriaButtonProps,
  'className' | 'style' | 'children' | 'aria-label'
> {
  /** The name read aloud and shown as a tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly variant?: ButtonVariant;
  readonly size?: 'small' | 'medium';
  readonly keys?: readonly string[];
}

export function IconButton({
  label,
  icon,
  variant = 'quiet',
  size = 'medium',
  keys,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} {...(keys === undefined ? {} : { keys })}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={cx(styles.button, styles[variant], styles[size], styles.square)}
      >
        <span className={styles.icon} aria-hidden>
          {icon}
        </span>
      </AriaButton>
    </Tooltip>
  );
}
