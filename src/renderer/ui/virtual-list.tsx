import {
  memo,
  useMemo,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { flushSync } from 'react-dom';
import { VisuallyHidden } from 'react-aria-components';
import { cx } from './cx.ts';
import { computeTarget, createTextFinder } from './list-keys.ts';
import { scaleWithText } from './text-scale.ts';
import { useVisibleRows } from './use-visible-rows.ts';
import styles from './virtual-list.module.css';

export interface VirtualListProps<Item extends { readonly id: string }> {
  readonly label: string;
  readonly items: readonly Item[];
  /** What a search by typing and a screen reader take as the row's name. */
  readonly getText: (item: Item) => string;
  readonly renderItem: (item: Item) => ReactNode;
  /** Where text has its usual size. */
  readonly rowHeightPx?: number;
  /** The one row shown in the detail pane. */
  readonly selectedId?: string | null;
  /** Arrow keys move the focus; Enter and a click select. */
  readonly onSelect?: (item: Item) => void;
  readonly empty?: ReactNode;
}

const gapPx = 2;
const paddingPx = 8;

function findIndexOf(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row === null ? undefined : Number(row.dataset['index']);
}

/**
 * A keyboard-driven list that keeps only its visible rows in the document, and costs nothing for the others:
 * a collection of React Aria builds an element for every item first, which takes seconds for ten thousand.
 * Fills its parent's height. After the grid pattern of the ARIA Authoring Practices Guide, with one column.
 */
export function VirtualList<Item extends { readonly id: string }>({
  label,
  items,
  getText,
  renderItem,
  rowHeightPx: usualHeightPx = 56,
  selectedId = null,
  onSelect,
  empty,
}: VirtualListProps<Item>) {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const rowHeightPx = scaleWithText(usualHeightPx);
  const pitchPx = rowHeightPx + gapPx;
  const { first, end, measure } = useVisibleRows(scrollerRef, {
    count: items.length,
    pitchPx,
    paddingPx,
  });
  const [activeId, setActiveId] = useState<string | null>(null);
  const [findText] = useState(createTextFinder);
  const activeIndex = useIndex(items, activeId);
  const selectedIndex = useIndex(items, selectedId);
  const stopIndex = activeIndex !== -1 ? activeIndex : Math.max(selectedIndex, 0);

  const moveTo = (index: number) => {
    const scroller = scrollerRef.current;
    const item = items[index];
    if (scroller === null || item === undefined) return;
    const topPx = paddingPx + index * pitchPx;
    if (topPx - paddingPx < scroller.scrollTop) scroller.scrollTop = topPx - paddingPx;
    else if (topPx + pitchPx + paddingPx > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = topPx + pitchPx + paddingPx - scroller.clientHeight;
    // The row has to be in the document before it can take the focus.
    flushSync(() => {
      setActiveId(item.id);
      measure();
    });
    scroller.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
  };
  const select = (index: number) => {
    const item = items[index];
    if (item !== undefined) onSelect?.(item);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const index = findIndexOf(event.target);
    if (index === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      select(index);
      return;
    }
    const pageRows = Math.max(
      1,
      Math.floor((scrollerRef.current?.clientHeight ?? pitchPx) / pitchPx) - 1,
    );
    const target =
      computeTarget(event.key, index, { count: items.length, pageRows }) ??
      findText(event.key, event.timeStamp, index, items.length, (each) => {
        const item = items[each];
        return item === undefined ? '' : getText(item);
      });
    if (target === undefined) return;
    event.preventDefault();
    moveTo(target);
  };
  const onFocus = (event: FocusEvent) => {
    const index = findIndexOf(event.target);
    const item = index === undefined ? undefined : items[index];
    if (item !== undefined) setActiveId(item.id);
  };
  const onClick = (event: MouseEvent) => {
    const index = findIndexOf(event.target);
    if (index !== undefined) select(index);
  };

  if (items.length === 0) return <div className={cx(styles.list, styles.empty)}>{empty}</div>;
  const rows = Array.from({ length: end - first }, (_, offset) => first + offset);
  // The row that Tab leads to stays in the document, so that the focus is not lost while scrolling.
  if (stopIndex < first) rows.unshift(stopIndex);
  else if (stopIndex >= end) rows.push(stopIndex);
  return (
    <div
      ref={scrollerRef}
      role="grid"
      aria-label={label}
      aria-rowcount={items.length}
      className={styles.list}
      tabIndex={-1}
      onScroll={measure}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onClick={onClick}
    >
      <div
        role="presentation"
        className={styles.sizer}
        style={{ height: 2 * paddingPx + items.length * pitchPx - gapPx }}
      >
        {rows.map((index) => {
          const item = items[index];
          return item === undefined ? null : (
            <MemoRow
              key={item.id}
              index={index}
              topPx={paddingPx + index * pitchPx}
              heightPx={rowHeightPx}
              text={getText(item)}
              isSelected={item.id === selectedId}
              isTabStop={index === stopIndex}
              item={item}
              renderItem={renderItem as (item: never) => ReactNode}
            />
          );
        })}
      </div>
    </div>
  );
}

function useIndex(items: readonly { readonly id: string }[], id: string | null): number {
  return useMemo(() => (id === null ? -1 : items.findIndex((each) => each.id === id)), [items, id]);
}

interface RowProps {
  readonly index: number;
  readonly topPx: number;
  readonly heightPx: number;
  readonly text: string;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly item: unknown;
  readonly renderItem: (item: never) => ReactNode;
}

const MemoRow = memo(function Row({
  index,
  topPx,
  heightPx,
  text,
  isSelected,
  isTabStop,
  item,
  renderItem,
}: RowProps) {
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a table's rows could not be placed one by one.
      role="row"
      aria-label={text}
      aria-rowindex={index + 1}
      data-index={index}
      data-current={isSelected}
      {...(isSelected ? { 'aria-current': 'true' as const } : {})}
      tabIndex={isTabStop ? 0 : -1}
      className={styles.row}
      style={{ transform: `translateY(${topPx}px)`, height: heightPx }}
    >
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- as above */}
      <div role="gridcell">
        {renderItem(item as never)}
        {isSelected ? <VisuallyHidden>shown beside the list</VisuallyHidden> : null}
      </div>
    </div>
  );
});
