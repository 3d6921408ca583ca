import type { ServerTables } from './server-tables.ts';

/** Many rows of one table, written by as few statements as the storage can. */
export interface RowWrite {
  readonly table: keyof ServerTables;
  readonly columns: readonly string[];
  /** No two with the same key. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /**
   * Where there is a row with this key already: `fail` is the database's own error, `skip` leaves that row as it
   * is, `replace` gives it the new values.
   */
  readonly onConflict: 'fail' | 'skip' | 'replace';
  readonly key: readonly string[];
}

const quote = (name: string): string => `"${name}"`;

/** The statement's beginning and end; what stands between says where the values come from. */
export function computeRowStatement({ table, columns, key, onConflict }: Omit<RowWrite, 'rows'>): {
  insert: string;
  conflict: string;
} {
  const target = `on conflict (${key.map(quote).join(', ')}) do`;
  const changed = columns.filter((column) => !key.includes(column)).map(quote);
  return {
    insert: `insert into ${quote(table)} (${columns.map(quote).join(', ')})`,
    conflict:
      onConflict === 'fail'
        ? ''
        : onConflict === 'skip'
          ? `${target} nothing`
          : `${target} update set ${changed.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  };
}
