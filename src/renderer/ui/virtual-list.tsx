import { createContext, use, type ReactNode } from 'react';
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

// Read by the rows themselves: a change of the list's own dependencies would build all of them anew.
const SelectedIdContext = createContext<string | null>(null);

interface RowContentProps {
  readonly id: string;
  readonly children: ReactNode;
}

function RowContent({ id, children }: RowContentProps) {
  const isSelected = use(SelectedIdContext) === id;
  return (
    <div data-current={isSelected}>
      {children}
      {isSelected ? <VisuallyHidden>shown beside the list</VisuallyHidden> : null}
    </div>
  );
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
    <SelectedIdContext value={selectedId}>
      <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: rowHeightPx, gap: 2, padding: 8 }}>
        <GridList
          aria-label={label}
          items={items}
          dependencies={[renderItem]}
          selectionMode="none"
          onAction={(key) => {
            const item = items.find((each) => each.id === key);
            if (item !== undefined) onSelect?.(item);
          }}
          {...(empty === undefined ? {} : { renderEmptyState: () => empty })}
          className={cx(styles.list)}
        >
          {(item) => (
            <GridListItem id={item.id} textValue={getText(item)} className={cx(styles.row)}>
              <RowContent id={item.id}>{renderItem(item)}</RowContent>
            </GridListItem>
          )}
        </GridList>
      </Virtualizer>
    </SelectedIdContext>
  );
}
