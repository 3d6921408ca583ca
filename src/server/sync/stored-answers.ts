import type { Selectable } from 'kysely';
import type { ServerTransaction } from '../database/server-database.ts';
import type { ServerTables } from '../database/server-tables.ts';

export type StoredAnswer = Selectable<ServerTables['mutationResults']>;

/** SY-6: the answers to one batch: those given before, and those that this push adds. */
export interface StoredAnswers {
  find(mutationId: string): StoredAnswer | undefined;
  /** Whether the device gave this number to a change that was answered before this push. */
  isTaken(deviceSeq: number): boolean;
  /** Whether an answer under this number of the device's was added by this push. */
  hasAdded(deviceSeq: number): boolean;
  add(answer: StoredAnswer): void;
  /** What was added; to be written in the transaction that applied the batch. */
  listAdded(): readonly StoredAnswer[];
}

/**
 * Loads what was answered before to the mutations of a batch, and to others of this member's device that have a number of
 * the batch's.
 */
export async function loadStoredAnswers(
  trx: ServerTransaction,
  orgId: string,
  device: { readonly deviceId: string; readonly membershipId: string },
  mutations: readonly { readonly id: string; readonly deviceSeq: number }[],
): Promise<StoredAnswers> {
  const ids = [...new Set(mutations.map(({ id }) => id))];
  const numbers = [...new Set(mutations.map(({ deviceSeq }) => deviceSeq))];
  const answersOfOrganization = trx
    .selectFrom('mutationResults')
    .selectAll()
    .where('orgId', '=', orgId);
  const known =
    ids.length === 0
      ? []
      : await answersOfOrganization
          .where('mutationId', 'in', ids)
          .unionAll(
            answersOfOrganization
              .where('deviceId', '=', device.deviceId)
              .where('membershipId', '=', device.membershipId)
              .where('deviceSeq', 'in', numbers),
          )
          .execute();
  const idSet = new Set(ids);
  const byId = new Map(
    known.flatMap((answer) => (idSet.has(answer.mutationId) ? [[answer.mutationId, answer]] : [])),
  );
  const numbersTaken = new Set(
    known.flatMap(({ deviceId, membershipId, deviceSeq }) =>
      deviceSeq !== null && deviceId === device.deviceId && membershipId === device.membershipId
        ? [deviceSeq]
        : [],
    ),
  );
  const added = new Map<number, StoredAnswer>();
  return {
    find: (mutationId) => byId.get(mutationId),
    isTaken: (deviceSeq) => numbersTaken.has(deviceSeq),
    hasAdded: (deviceSeq) => added.has(deviceSeq),
    add(answer) {
      byId.set(answer.mutationId, answer);
      if (answer.deviceSeq !== null) added.set(answer.deviceSeq, answer);
    },
    listAdded: () => [...added.values()],
  };
}
