import type { OpenedDatabase } from './open-database.ts';
import type { SeatDatabase } from './seat-tables.ts';

type Connection = OpenedDatabase<SeatDatabase>['connection'];
type Statement = ReturnType<typeof prepareAnew>;

const statementsByConnection = new WeakMap<Connection, Map<string, Statement>>();

const prepareAnew = (connection: Connection, text: string) =>
  connection.prepare<unknown[], unknown>(text);

/**
 * As the connection prepares a statement, but once for each text: for a row, that takes longer than to run it. Whoever has the
 * same text has the same statement, so modes such as `pluck` are not to be set on it.
 */
export function prepareOnce(connection: Connection, text: string): Statement {
  const statements = statementsByConnection.get(connection) ?? new Map<string, Statement>();
  statementsByConnection.set(connection, statements);
  const statement = statements.get(text) ?? prepareAnew(connection, text);
  statements.set(text, statement);
  return statement;
}
