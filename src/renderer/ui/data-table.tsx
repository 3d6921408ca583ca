import { useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { cx } from './cx.ts';
import { usePages } from './use-pages.tsx';
import styles from './data-table.module.css';

export interface DataColumn<Item> {
  readonly id: string;
  readonly label: string;
  readonly render: (item: Item) => ReactNode;
  /** `end` also sets tabular figures: for numbers, time and money. */
  readonly align?: 'start' | 'end';
  /** One column names the row for screen readers. Without it, the first does. */
  readonly isRowHeader?: boolean;
  /** Makes the column sortable. */
  readonly compare?: (a: Item, b: Item) => number;
}

export interface DataTableProps<Item extends { readonly id: string }> {
  readonly label: string;
  readonly columns: readonly DataColumn<Item>[];
  /** However many there are: they are sorted as a whole, and the first of them shown. */
  readonly items: readonly Item[];
  readonly empty?: ReactNode;
  /** For whoever fetches page by page, with a button of its own. */
  readonly showsAll?: boolean;
}

interface Sort {
  readonly columnId: string;
  readonly isDescending: boolean;
}

/**
 * A table as HTML has it: links and buttons in its cells are reached by Tab. One of React Aria builds a collection of all its
 * cells before it draws the first, which takes ten times as long.
 */
export function DataTable<Item extends { readonly id: string }>({
  label,
  columns,
  items,
  empty,
  showsAll = false,
}: DataTableProps<Item>) {
  const [sort, setSort] = useState<Sort | null>(null);
  const [scrollerRef, isWider] = useIsWider();
  const rows = useMemo(() => {
    const compare = columns.find((column) => column.id === sort?.columnId)?.compare;
    if (sort === null || compare === undefined) return items;
    const direction = sort.isDescending ? -1 : 1;
    return items.toSorted((a, b) => direction * compare(a, b));
  }, [columns, items, sort]);
  const { shown, more } = usePages(rows, showsAll ? { least: rows.length } : {});
  const rowHeaderId = columns.find((column) => column.isRowHeader === true)?.id ?? columns[0]?.id;
  if (items.length === 0 && empty !== undefined) return empty;
  return (
    <>
      <div
        ref={scrollerRef}
        className={styles.scroller}
        // What scrolls has to be reached by the keyboard.
        {...(isWider ? { role: 'region', 'aria-label': label, tabIndex: 0 } : {})}
      >
        <table aria-label={label} className={styles.table}>
          <thead className={styles.header}>
            <tr>
              {columns.map((column) => (
                <HeaderCell
                  key={column.id}
                  label={column.label}
                  align={column.align}
                  sorted={
                    column.compare === undefined
                      ? undefined
                      : sort?.columnId !== column.id
                        ? 'none'
                        : sort.isDescending
                          ? 'descending'
                          : 'ascending'
                  }
                  onSort={(isDescending) => setSort({ columnId: column.id, isDescending })}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((item) => (
              <tr key={item.id} className={styles.row}>
                {columns.map((column) => {
                  const className = cx(styles.cell, column.align === 'end' && styles.end);
                  return column.id === rowHeaderId ? (
                    <th key={column.id} scope="row" className={className}>
                      {column.render(item)}
                    </th>
                  ) : (
                    <td key={column.id} className={className}>
                      {column.render(item)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </>
  );
}

function HeaderCell({
  label,
  align,
  sorted,
  onSort,
}: {
  readonly label: string;
  readonly align: 'start' | 'end' | undefined;
  /** Undefined where nothing sorts by it. */
  readonly sorted: 'none' | 'ascending' | 'descending' | undefined;
  readonly onSort: (isDescending: boolean) => void;
}) {
  return (
    <th
      scope="col"
      className={cx(styles.column, align === 'end' && styles.end)}
      {...(sorted === undefined ? {} : { 'aria-sort': sorted })}
    >
      {sorted === undefined ? (
        label
      ) : (
        <button
          type="button"
          className={styles.sort}
          onClick={() => onSort(sorted === 'ascending')}
        >
          {label}
          {sorted === 'ascending' ? <ArrowUp aria-hidden /> : null}
          {sorted === 'descending' ? <ArrowDown aria-hidden /> : null}
        </button>
      )}
    </th>
  );
}

/** Whether a table is wider than its place. */
function useIsWider(): [React.RefObject<HTMLDivElement | null>, boolean] {
  const ref = useRef<HTMLDivElement>(null);
  const [isWider, setIsWider] = useState(false);
  useLayoutEffect(() => {
    const scroller = ref.current;
    if (scroller === null) return;
    const observer = new ResizeObserver(() =>
      setIsWider(scroller.scrollWidth > scroller.clientWidth),
    );
    observer.observe(scroller);
    return () => observer.disconnect();
  }, []);
  return [ref, isWider];
}
