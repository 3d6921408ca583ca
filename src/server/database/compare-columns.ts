import { type RawBuilder, sql, type SqlBool } from 'kysely';

/**
 * Whether a row comes after another, or not after it, in the order of these columns. As one comparison, since both
 * databases then begin at that place in an index of them; a page written with `or` reads all that came before it again.
 */
export function compareColumns(
  columns: readonly string[],
  operator: '>' | '<=',
  values: readonly string[],
): RawBuilder<SqlBool> {
  const names = sql.join(columns.map((column) => sql.ref(column)));
  return sql<SqlBool>`(${names}) ${sql.raw(operator)} (${sql.join(values)})`;
}
