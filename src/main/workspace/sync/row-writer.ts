import { type DomainTable, domainRowSchemas } from '../../../shared/database/domain-tables.ts';
import type { OpenedDatabase } from '../database/open-database.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';

type Connection = OpenedDatabase<SeatDatabase>['connection'];

/** Writes mirrored rows of one table by prepared statements: thousands of rows come at a time. */
export interface RowWriter {
  exists(orgId: string, id: string): boolean;
  /** Inserts the row, or puts it in the place of the one there is. Columns that it lacks become null. */
  write(row: Readonly<Record<string, unknown>>): void;
  remove(orgId: string, id: string): void;
}

const writersByConnection = new WeakMap<Connection, Map<DomainTable, RowWriter>>();

/** To be used inside a transaction on that connection. */
export function getRowWriter(connection: Connection, table: DomainTable): RowWriter {
  const writers = writersByConnection.get(connection) ?? new Map<DomainTable, RowWriter>();
  writersByConnection.set(connection, writers);
  const known = writers.get(table);
  if (known !== undefined) return known;
  const writer = createRowWriter(connection, table);
  writers.set(table, writer);
  return writer;
}

function createRowWriter(connection: Connection, table: DomainTable): RowWriter {
  const columns = Object.keys(domainRowSchemas[table].shape);
  const changing = columns.filter((column) => column !== 'orgId' && column !== 'id');
  const exists = connection.prepare(`select 1 from "${table}" where "orgId" = ? and "id" = ?`);
  const remove = connection.prepare(`delete from "${table}" where "orgId" = ? and "id" = ?`);
  const upsert = connection.prepare(
    `insert into "${table}" (${columns.map((column) => `"${column}"`).join(', ')})
     values (${columns.map(() => '?').join(', ')})
     on conflict ("orgId", "id") do update set
     ${changing.map((column) => `"${column}" = excluded."${column}"`).join(', ')}`,
  );
  return {
    exists: (orgId, id) => exists.get(orgId, id) !== undefined,
    write: (row) => {
      upsert.run(columns.map((column) => row[column] ?? null));
    },
    remove: (orgId, id) => {
      remove.run(orgId, id);
    },
  };
}
