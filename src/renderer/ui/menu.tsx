import type { ReactElement, ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { cx } from './cx.ts';
import { KeyHint } from './key-hint.tsx';
import styles from './overlay.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon?: ReactNode;
  readonly keys?: readonly string[];
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  readonly onAction: () => void;
}

export interface MenuProps {
  readonly label: string;
  /** A `Button` or `IconButton`. */
  readonly trigger: ReactElement;
  readonly items: readonly MenuEntry[];
  readonly placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end';
}

export function Menu({ label, trigger, items, placement = 'bottom start' }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover placement={placement} offset={4} className={cx(styles.popover)}>
        <AriaMenu aria-label={label} className={cx(styles.menu)}>
          {items.map((item) => (
            <MenuItem
              key={item.id}
              id={item.id}
              textValue={item.label}
              isDisabled={item.isDisabled === true}
              onAction={item.onAction}
              className={cx(styles.item, item.isDanger === true && styles.danger)}
            >
              {item.icon === undefined ? null : (
                <span className={styles.itemIcon} aria-hidden>
                  {item.icon}
                </span>
              )}
              <Text slot="label" className={cx(styles.itemLabel)}>
                {item.label}
              </Text>
              {item.description === undefined ? null : (
                <Text slot="description" className={cx(styles.itemDescription)}>
                  {item.description}
                </Text>
              )}
              {item.keys === undefined ? null : (
                <span className={styles.itemEnd}>
                  <KeyHint keys={item.keys} />
                </span>
              )}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
