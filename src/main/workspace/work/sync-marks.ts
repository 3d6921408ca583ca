import { sql } from 'kysely';
import type { SyncMark } from '../../../shared/contract/shapes.ts';
import type { DomainTable } from '../../../shared/database/domain-tables.ts';
import { attentionStates } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';

/** Where each row of a table is by now, as far as this device has changed it. */
export class SyncMarks {
  readonly #byRowId: ReadonlyMap<string, SyncMark>;

  constructor(byRowId: ReadonlyMap<string, SyncMark>) {
    this.#byRowId = byRowId;
  }

  /** What this device did not touch has come from the server. */
  get(rowId: string): SyncMark {
    return this.#byRowId.get(rowId) ?? 'on_the_server';
  }
}

/**
 * The marks of a table's rows from what this device's outbox has touched: a change that was refused or is
 * held back outweighs one that waits.
 *
 * @param options.byCreationOnly leave out changes that only built on a row which was there already (a review
 * does not make its submission wait).
 * @param options.mutationNames only these changes count.
 */
export async function loadSyncMarks(
  seat: Seat,
  table: DomainTable,
  options: {
    readonly byCreationOnly?: boolean;
    readonly mutationNames?: readonly string[];
  } = {},
): Promise<SyncMarks> {
  let query = seat.db
    .selectFrom('outboxStates')
    .innerJoin('outboxTouches', 'outboxTouches.mutationId', 'outboxStates.mutationId')
    .select(['outboxTouches.rowId', 'outboxStates.state'])
    .distinct()
    .where('outboxStates.state', 'in', ['pending', ...attentionStates])
    // The plus keeps SQLite from reading every touch of the table, years of settled ones among them,
    // instead of the few of what waits (sqlite.org/optoverview.html, "disqualifying WHERE clause terms").
    .where(sql`+${sql.ref('outboxTouches.tableName')}`, '=', table);
  if (options.byCreationOnly === true) query = query.where('outboxTouches.creates', '=', 1);
  const { mutationNames } = options;
  if (mutationNames !== undefined)
    query = query
      .innerJoin('outbox', 'outbox.id', 'outboxStates.mutationId')
      .where('outbox.name', 'in', [...mutationNames]);
  const marks = new Map<string, SyncMark>();
  for (const { rowId, state } of await query.execute()) {
    if (state !== 'pending') marks.set(rowId, 'refused');
    else if (!marks.has(rowId)) marks.set(rowId, 'on_this_computer');
  }
  return new SyncMarks(marks);
}
