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
import { fitsTable } from './row-checker.ts';
import { getRowWriter } from './row-writer.ts';
import { Turns } from './turns.ts';

/** What others wait for is news; of these tables it is known whether a row was here before. */
const announcedTables: ReadonlySet<DomainTable> = new Set([
  'submissions',
  'reviews',
  'receipts',
  'tasks',
  'memberships',
  'questions',
  'answers',
  'extensionRequests',
]);

/** More news than this at a time is no news. */
const maximumCreated = 200;

/**
 * Writes rows as the server has them. Rows of tables, and columns, that only a newer server knows are
 * passed over; the server keeps them.
 *
 * Must run inside a transaction on the seat's connection. Others have turns in between.
 *
 * @param wantsCreated whether rows that were not here before are told: of the tables of which people hear, and
 * no more than a screen would show.
 * @returns the tables that were written, and those rows.
 * @throws StintError `not_a_stint_server` for a row that is not of its table's shape, or of another
 * organization: nothing of the page is applied then.
 */
export async function applyServerRows(
  seat: Seat,
  rows: readonly PulledRow[],
  wantsCreated: boolean,
): Promise<AppliedRows> {
  const { connection } = seat.opened;
  const { orgId } = seat.record;
  const turns = new Turns(() => seat.clock.monotonicMs());
  const written = new Set<DomainTable>();
  const created: PulledRow[] = [];
  for (const pulled of rows) {
    const { table } = pulled;
    if (!isDomainTable(table)) continue;
    const row = readServerRow(table, pulled.row, orgId);
    const writer = getRowWriter(connection, table);
    if (
      wantsCreated &&
      announcedTables.has(table) &&
      created.length < maximumCreated &&
      !writer.exists(orgId, row.id)
    )
      created.push(pulled);
    writer.write(row);
    written.add(table);
    await turns.pass();
  }
  return { tables: [...written], created };
}

function readServerRow(
  table: DomainTable,
  row: PulledRow['row'],
  orgId: string,
): PulledRow['row'] & { readonly id: string } {
  if (row['orgId'] === orgId && fitsTable(table, row)) return row as typeof row & { id: string };
  const problem =
    domainRowSchemas[table].safeParse(row).error?.issues[0]?.path.join('.') ?? 'orgId';
  throw new StintError(
    'not_a_stint_server',
    `the server sent a row of ${table} that this version of Stint cannot read (${problem})`,
  );
}

export interface AppliedRows {
  readonly tables: DomainTable[];
  readonly created: PulledRow[];
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
