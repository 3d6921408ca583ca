import { useMemo, useState, type ReactNode } from 'react';
import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  Cell,
  Column,
  Row,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  Virtualizer,
  type SortDescriptor,
} from 'react-aria-components';
import { cx } from './cx.ts';
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
  readonly widthPx?: number;
}

export interface DataTableProps<Item extends { readonly id: string }> {
  readonly label: string;
  readonly columns: readonly DataColumn<Item>[];
  readonly items: readonly Item[];
  readonly onOpen?: (item: Item) => void;
  readonly empty?: ReactNode;
  /** For hundreds of rows and more; the table then fills its parent's height. */
  readonly isVirtual?: boolean;
}

export function DataTable<Item extends { readonly id: string }>({
  label,
  columns,
  items,
  onOpen,
  empty,
  isVirtual = false,
}: DataTableProps<Item>) {
  const [sort, setSort] = useState<SortDescriptor | null>(null);
  const rows = useMemo(() => {
    const compare = columns.find((column) => column.id === sort?.column)?.compare;
    if (sort === null || compare === undefined) return items;
    const direction = sort.direction === 'descending' ? -1 : 1;
    return items.toSorted((a, b) => direction * compare(a, b));
  }, [columns, items, sort]);
  const rowHeaderId = columns.find((column) => column.isRowHeader === true)?.id ?? columns[0]?.id;

  const table = (
    <Table
      aria-label={label}
      className={cx(styles.table, isVirtual && styles.virtual)}
      {...(sort === null ? {} : { sortDescriptor: sort })}
      onSortChange={setSort}
      {...(onOpen === undefined
        ? {}
        : {
            onRowAction: (key) => {
              const item = items.find((each) => each.id === key);
              if (item !== undefined) onOpen(item);
            },
          })}
    >
      <TableHeader className={cx(styles.header)}>
        {columns.map((column) => (
          <Column
            key={column.id}
            id={column.id}
            isRowHeader={column.id === rowHeaderId}
            allowsSorting={column.compare !== undefined}
            {...(column.widthPx === undefined ? {} : { width: column.widthPx })}
            className={cx(styles.column, column.align === 'end' && styles.end)}
          >
            {({ sortDirection }) => (
              <span className={styles.columnLabel}>
                {column.label}
                {sortDirection === 'ascending' ? <ArrowUp aria-hidden /> : null}
                {sortDirection === 'descending' ? <ArrowDown aria-hidden /> : null}
              </span>
            )}
          </Column>
        ))}
      </TableHeader>
      <TableBody
        items={rows}
        dependencies={[columns]}
        {...(empty === undefined ? {} : { renderEmptyState: () => empty })}
      >
        {(item) => (
          <Row id={item.id} className={cx(styles.row, onOpen !== undefined && styles.opens)}>
            {columns.map((column) => (
              <Cell
                key={column.id}
                className={cx(styles.cell, column.align === 'end' && styles.end)}
              >
                {column.render(item)}
              </Cell>
            ))}
          </Row>
        )}
      </TableBody>
    </Table>
  );
  return isVirtual ? (
    <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight: 40, headingHeight: 32 }}>
      {table}
    </Virtualizer>
  ) : (
    <div className={styles.scroller}>{table}</div>
  );
}
