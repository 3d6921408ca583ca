import type { Selectable } from 'kysely';
import type { ServerTransaction } from '../database/server-database.ts';
import type { ServerTables } from '../database/server-tables.ts';

export type StoredAnswer = Selectable<ServerTables['mutationResults']>;

/** SY-6: the answers to one batch: those given before, and those that this push adds. */
export interface StoredAnswers {
  find(mutationId: string): StoredAnswer | undefined;
  /** Whether an answer under this number of the device's was added by this push. */
  hasAdded(deviceSeq: number): boolean;
  add(answer: StoredAnswer): void;
  /** What was added; to be written in the transaction that applied the batch. */
  listAdded(): readonly StoredAnswer[];
}

/** Loads what was answered before to the mutations of a batch. */
export async function loadStoredAnswers(
  trx: ServerTransaction,
  orgId: string,
  mutations: readonly { readonly id: string }[],
): Promise<StoredAnswers> {
  const ids = [...new Set(mutations.map(({ id }) => id))];
  const known =
    ids.length === 0
      ? []
      : await trx
          .selectFrom('mutationResults')
          .selectAll()
          .where('orgId', '=', orgId)
          .where('mutationId', 'in', ids)
          .execute();
  const byId = new Map(known.map((answer) => [answer.mutationId, answer]));
  const added = new Map<number, StoredAnswer>();
  return {
    find: (mutationId) => byId.get(mutationId),
    hasAdded: (deviceSeq) => added.has(deviceSeq),
    add(answer) {
      byId.set(answer.mutationId, answer);
      if (answer.deviceSeq !== null) added.set(answer.deviceSeq, answer);
    },
    listAdded: () => [...added.values()],
  };
}
