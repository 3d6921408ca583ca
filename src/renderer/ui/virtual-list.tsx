import type { ReactNode } from 'react';
import {
  GridList,
  GridListItem,
  ListLayout,
  Virtualizer,
  VisuallyHidden,
} from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './virtual-list.module.css';

export interface VirtualListProps<Item extends { readonly id: string }> {
  readonly label: string;
  readonly items: readonly Item[];
  /** What a search by typing and a screen reader take as the row's name. */
  readonly getText: (item: Item) => string;
  readonly renderItem: (item: Item) => ReactNode;
  readonly rowHeightPx?: number;
  /** The one row shown in the detail pane. */
  readonly selectedId?: string | null;
  /** Arrow keys move the focus; Enter and a click select. */
  readonly onSelect?: (item: Item) => void;
  readonly empty?: ReactNode;
}

/** A keyboard-driven list that keeps only its visible rows in the document. Fills its parent's height. */
export function VirtualList<Item extends { readonly id: string }>({
  label,
  items,
  getText,
  renderItem,
  rowHeightPx = 56,
  selectedId = null,
  onSelect,
  empty,
}: VirtualListProps<Item>) {
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: rowHeightPx, gap: 2, padding: 8 }}>
      <GridList
        aria-label={label}
        items={items}
        dependencies={[renderItem, selectedId]}
        selectionMode="none"
        onAction={(key) => {
          const item = items.find((each) => each.id === key);
          if (item !== undefined) onSelect?.(item);
        }}
        {...(empty === undefined ? {} : { renderEmptyState: () => empty })}
        className={cx(styles.list)}
      >
        {(item) => (
          <GridListItem
            id={item.id}
            textValue={getText(item)}
            className={cx(styles.row, item.id === selectedId && styles.selected)}
            data-current={item.id === selectedId}
          >
            {renderItem(item)}
            {item.id === selectedId ? <VisuallyHidden>shown beside the list</VisuallyHidden> : null}
          </GridListItem>
        )}
      </GridList>
    </Virtualizer>
  );
}
