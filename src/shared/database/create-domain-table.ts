import type { CreateTableBuilder, Kysely } from 'kysely';

type Column = 'text' | 'integer' | 'bigint';

/** A name followed by a type; `?` marks a column that may be null. */
export type DomainColumns = Readonly<Record<string, Column | `${Column}?`>>;

/** A table with the key (orgId, id), a scope and `columns`. For migrations of workspace and server alike. */
export async function createDomainTable(
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  db: Kysely<any>,
  name: string,
  columns: DomainColumns,
): Promise<void> {
  let table: CreateTableBuilder<string, string> = db.schema
    .createTable(name)
    .addColumn('orgId', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull());
  for (const [column, declared] of Object.entries(columns)) {
    const nullable = declared.endsWith('?');
    const type = (nullable ? declared.slice(0, -1) : declared) as Column;
    table = table.addColumn(column, type, (definition) =>
      nullable ? definition : definition.notNull(),
    );
  }
  await table.addPrimaryKeyConstraint(`${name}_pk`, ['orgId', 'id']).execute();
}
