import { StintError } from '../../../shared/errors.ts';
import { attentionStates, type OutboxRow, type OutboxState } from '../database/seat-tables.ts';
import { isForNewestVersion, type Seat } from '../seats/seat.ts';

/**
 * SY-7: a refused change is sent again as a new one, with other arguments where the person edited them. What
 * was held back by it follows, in the order in which it was done. The old rows stay, marked as replaced.
 *
 * @returns the new mutation's id.
 * @throws StintError what the rules say of the edited arguments, `refused` for what the organization decides on,
 * `not_found` where the change has left the list; the old one stays as it is then.
 */
export async function sendAgain(seat: Seat, mutationId: string, args: unknown): Promise<string> {
  const row = await getDismissibleRow(seat, mutationId);
  const dependents = await listHeldBehind(seat, row);
  const newId = await repeat(seat, row, args ?? JSON.parse(row.argsJson));
  for (const dependent of dependents)
    // One that does not fit any more stays held, and on the list, with everything in it.
    await repeat(seat, dependent, JSON.parse(dependent.argsJson)).catch((error: unknown) => {
      if (!(error instanceof StintError)) throw error;
    });
  return newId;
}

async function repeat(seat: Seat, row: OutboxRow, args: unknown): Promise<string> {
  const { subject } = await seat.db
    .selectFrom('outboxStates')
    .select('subject')
    .where('mutationId', '=', row.id)
    .executeTakeFirstOrThrow();
  return seat.mutate(row.name as 'task.edit', args as never, {
    subject,
    // What an older program made is sent again in its version where the newest asks for other arguments.
    ...(isForNewestVersion(row.name, args) ? {} : { version: row.version }),
    within: async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('outboxStates')
        .set({ state: 'replaced' })
        .where('mutationId', '=', row.id)
        .where('state', 'in', [...dismissibleStates])
        .executeTakeFirst();
      // Sent again, or taken off the list, by a second click.
      if (numUpdatedRows === 0n) throw createMissing(row.id);
    },
  });
}

/** Takes a change off the list of what needs attention; the row stays. */
export async function dismissChange(seat: Seat, mutationId: string): Promise<DismissibleState> {
  const { state } = await getDismissibleRow(seat, mutationId);
  await seat.db
    .updateTable('outboxStates')
    .set({ state: 'dismissed' })
    .where('mutationId', '=', mutationId)
    .where('state', '=', state)
    .execute();
  seat.announceChange(['outbox']);
  return state;
}

const dismissibleStates = ['rejected', 'held', 'kept'] as const satisfies OutboxState[];
export type DismissibleState = (typeof dismissibleStates)[number];

const isDismissible = (state: OutboxState): state is DismissibleState =>
  state === 'rejected' || state === 'held' || state === 'kept';

/** Puts a change back on the list that was taken off it; nothing else has become of it meanwhile. */
export async function undoDismissChange(
  seat: Seat,
  mutationId: string,
  previousState: DismissibleState,
): Promise<void> {
  await seat.db
    .updateTable('outboxStates')
    .set({ state: previousState })
    .where('mutationId', '=', mutationId)
    .where('state', '=', 'dismissed')
    .execute();
  seat.announceChange(['outbox']);
}

/**
 * For each held change the one that it waits for: the last before it that would have created a row which it
 * touches, and that has not got through.
 */
export async function loadWaitedFor(seat: Seat): Promise<ReadonlyMap<string, string>> {
  const found = await seat.db
    .selectFrom('outboxTouches as used')
    .innerJoin('outboxStates as held', 'held.mutationId', 'used.mutationId')
    .innerJoin('outboxTouches as created', (join) =>
      join
        .onRef('created.tableName', '=', 'used.tableName')
        .onRef('created.rowId', '=', 'used.rowId'),
    )
    .innerJoin('outboxStates as refused', 'refused.mutationId', 'created.mutationId')
    .select(['held.mutationId as heldId', 'refused.mutationId as refusedId'])
    .where('held.state', '=', 'held')
    .where('refused.state', 'in', ['rejected', 'held', 'kept'])
    .where('created.creates', '=', 1)
    .whereRef('refused.deviceSeq', '<', 'held.deviceSeq')
    .orderBy('refused.deviceSeq')
    .execute();
  return new Map(found.map(({ heldId, refusedId }) => [heldId, refusedId]));
}

interface DismissibleRow extends OutboxRow {
  readonly state: DismissibleState;
}

async function getDismissibleRow(seat: Seat, mutationId: string): Promise<DismissibleRow> {
  const row = await seat.db
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .selectAll('outbox')
    .select('outboxStates.state')
    .where('outbox.id', '=', mutationId)
    .where('outboxStates.state', 'in', [...attentionStates])
    .executeTakeFirst();
  if (row === undefined) throw createMissing(mutationId);
  const { state } = row;
  if (!isDismissible(state))
    throw new StintError(
      'refused',
      'the organization decides on this change; it can be neither sent again nor taken off the list before',
    );
  return { ...row, state };
}

const createMissing = (mutationId: string): StintError =>
  new StintError('not_found', `there is no refused or kept change ${mutationId}`);

/** Held mutations that, directly or through others, touch a row which this one would have created. */
async function listHeldBehind(seat: Seat, root: OutboxRow): Promise<OutboxRow[]> {
  const held = await seat.db
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .selectAll('outbox')
    .where('outboxStates.state', '=', 'held')
    .where('outbox.deviceSeq', '>', root.deviceSeq)
    .orderBy('outbox.deviceSeq')
    .execute();
  const created = new Set<string>();
  const behind: OutboxRow[] = [];
  for (const row of [root, ...held]) {
    const touches = await seat.db
      .selectFrom('outboxTouches')
      .selectAll()
      .where('mutationId', '=', row.id)
      .execute();
    const key = (touch: { tableName: string; rowId: string }) =>
      `${touch.tableName}/${touch.rowId}`;
    const isBehind = row === root || touches.some((touch) => created.has(key(touch)));
    if (!isBehind) continue;
    for (const touch of touches) if (touch.creates === 1) created.add(key(touch));
    if (row !== root) behind.push(row);
  }
  return behind;
}
