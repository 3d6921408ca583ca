import type { Transaction } from 'kysely';
import {
  type DomainTable,
  domainRowSchemas,
  domainTables,
  isDomainTable,
} from '../../../shared/database/domain-tables.ts';
import { isScopeCovered } from '../../../shared/domain/scopes.ts';
import { StintError } from '../../../shared/errors.ts';
import type { PulledRow } from '../../../shared/protocol/pull.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';

/**
 * Writes rows as the server has them. Rows of tables, and columns, that only a newer server knows are
 * passed over; the server keeps them. Raw prepared statements: a page of 2,000 rows is one of the two
 * places where Kysely's cost per query shows.
 *
 * Must run inside a transaction on the seat's connection.
 *
 * @returns the tables that were written, and the rows that were not here before.
 * @throws StintError `not_a_stint_server` for a row that is not of its table's shape, or of another
 * organization: nothing of the page is applied then.
 */
export function applyServerRows(seat: Seat, rows: readonly PulledRow[]): AppliedRows {
  const written = new Set<DomainTable>();
  const created: PulledRow[] = [];
  for (const pulled of rows) {
    const { table, row } = pulled;
    if (!isDomainTable(table)) continue;
    const parsed = domainRowSchemas[table].safeParse(row);
    if (!parsed.success || parsed.data.orgId !== seat.record.orgId)
      throw new StintError(
        'not_a_stint_server',
        `the server sent a row of ${table} that this version of Stint cannot read (${
          parsed.success ? 'orgId' : (parsed.error.issues[0]?.path.join('.') ?? '')
        })`,
      );
    const statements = getStatements(seat, table);
    if (statements.exists.get(parsed.data.orgId, parsed.data.id) === undefined)
      created.push(pulled);
    statements.upsert.run(parsed.data);
    written.add(table);
  }
  return { tables: [...written], created };
}

export interface AppliedRows {
  readonly tables: DomainTable[];
  readonly created: PulledRow[];
}

interface Statement {
  get(...parameters: unknown[]): unknown;
  run(...parameters: unknown[]): unknown;
}
interface RowStatements {
  readonly exists: Statement;
  readonly upsert: Statement;
}
const statementsByConnection = new WeakMap<object, Map<DomainTable, RowStatements>>();

function getStatements(seat: Seat, table: DomainTable): RowStatements {
  const { connection } = seat.opened;
  const prepared = statementsByConnection.get(connection) ?? new Map<DomainTable, RowStatements>();
  statementsByConnection.set(connection, prepared);
  const known = prepared.get(table);
  if (known !== undefined) return known;
  const columns = Object.keys(domainRowSchemas[table].shape);
  const changing = columns.filter((column) => column !== 'orgId' && column !== 'id');
  const exists = connection.prepare(`select 1 from "${table}" where "orgId" = ? and "id" = ?`);
  const upsert = connection.prepare(
    `insert into "${table}" (${columns.map((column) => `"${column}"`).join(', ')})
     values (${columns.map((column) => `@${column}`).join(', ')})
     on conflict ("orgId", "id") do update set
     ${changing.map((column) => `"${column}" = excluded."${column}"`).join(', ')}`,
  );
  const statements = { exists, upsert };
  prepared.set(table, statements);
  return statements;
}

/**
 * SY-10: the scopes, as rows carry them, that were covered by a scope removed and are by none still held. A
 * person's private rows (drafts) are theirs and stay.
 */
export async function listUncoveredScopes(
  tx: Transaction<SeatDatabase>,
  removedScopes: readonly string[],
  heldScopes: readonly string[],
): Promise<string[]> {
  if (removedScopes.length === 0) return [];
  const uncovered = new Set<string>();
  for (const table of domainTables) {
    const found = await tx
      .selectFrom(table as 'tasks')
      .select('scope')
      .distinct()
      .execute();
    for (const { scope } of found)
      if (
        !scope.startsWith('private:') &&
        removedScopes.some((removed) => isScopeCovered(removed, scope)) &&
        !heldScopes.some((held) => isScopeCovered(held, scope))
      )
        uncovered.add(scope);
  }
  return [...uncovered];
}

/** Drops all mirrored rows of these scopes. What is unsent stays in the outbox. */
export async function dropRows(
  tx: Transaction<SeatDatabase>,
  scopes: readonly string[],
): Promise<void> {
  if (scopes.length === 0) return;
  for (const table of domainTables)
    await tx
      .deleteFrom(table as 'tasks')
      .where('scope', 'in', scopes)
      .execute();
}
