import { computeCanonicalJson } from '../../shared/canonical-json.ts';
import type { HeldAnchor } from '../../shared/domain/time-anchor.ts';
import type {
  Actor,
  MutationDefinition,
  VerifiedAcknowledgement,
} from '../../shared/mutations/mutation.ts';
import { runMutation } from '../../shared/mutations/run-mutation.ts';
import type { Head } from '../../shared/protocol/push.ts';
import type { ServerDatabase, ServerTransaction } from '../database/server-database.ts';
import type { PokeHub } from '../pokes/poke-hub.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { applyConsequences } from './consequences.ts';
import { listEndedAccounts } from './ended-access.ts';
import { computeLogHead, emptyHead } from './log-hash.ts';
import type { ReceiptSigner } from './receipt-signer.ts';
import { ServerMutationStore, type TouchedRow } from './server-mutation-store.ts';
import { verifyTimeAnchor } from './time-anchors.ts';

/** A mutation to apply, with all that the log keeps of it. */
export interface MutationToApply {
  readonly definition: MutationDefinition;
  readonly id: string;
  readonly args: unknown;
  readonly argsHash: string;
  readonly actor: Actor;
  /** Null when the server itself brings the mutation about. */
  readonly device: { readonly id: string; readonly seq: number } | null;
  readonly claimedAt: string;
  readonly receivedAt: string;
  readonly baseSeq: number;
  /** SY-17: as it came; verified here. Left out where there is none. */
  readonly anchor?: HeldAnchor | null;
  /** SY-15: verified already. Left out for what was not lost. */
  readonly acknowledged?: VerifiedAcknowledgement | null;
}

/** The organization while its counter row is locked. */
export interface OrganizationSession {
  readonly trx: ServerTransaction;
  readonly orgId: string;
  readonly head: Head;
  /**
   * Applies one mutation in a savepoint, with its consequences, its place in the row index and its
   * line in the log, and answers its number.
   * @throws StintError when it is refused, anything else for a fault; nothing of it remains then.
   */
  apply(mutation: MutationToApply): Promise<number>;
}

export interface OrganizationWriter {
  /**
   * Locks the organization (SY-4) and runs `action` in one transaction; pokes after it has committed
   * (SY-13). `action` gets undefined where the organization does not exist.
   */
  write<Result>(
    orgId: string,
    action: (session: OrganizationSession | undefined) => Promise<Result>,
  ): Promise<Result>;
  /** The same for an organization that may be made: its counter row begins at 0. */
  create<Result>(
    orgId: string,
    action: (session: OrganizationSession) => Promise<Result>,
  ): Promise<Result>;
}

export function createOrganizationWriter(dependencies: {
  readonly database: ServerDatabase;
  readonly signer: ReceiptSigner;
  readonly pokes: PokeHub;
}): OrganizationWriter {
  const { database, signer, pokes } = dependencies;

  async function run<Result>(
    orgId: string,
    begin: (trx: ServerTransaction) => Promise<Head | undefined>,
    action: (session: OrganizationSession | undefined) => Promise<Result>,
  ): Promise<Result> {
    let hasChanged = false;
    const endedAccounts = new Set<string>();
    const result = await database.write(async (trx) => {
      const locked = await begin(trx);
      if (locked === undefined) return await action(undefined);
      const session = createSession(database, trx, orgId, locked, signer, endedAccounts);
      const answer = await action(session);
      hasChanged = session.head.seq !== locked.seq;
      if (hasChanged)
        await trx
          .updateTable('organizationHeads')
          .set({ seq: session.head.seq, hash: session.head.hash })
          .where('orgId', '=', orgId)
          .execute();
      return answer;
    });
    if (hasChanged) pokes.notify(orgId);
    for (const accountId of endedAccounts) pokes.closeAccount(accountId);
    return result;
  }

  return {
    write: (orgId, action) => run(orgId, (trx) => database.lockHead(trx, orgId), action),
    create: (orgId, action) =>
      run(
        orgId,
        async (trx) => {
          await trx
            .insertInto('organizationHeads')
            .values({ orgId, ...emptyHead })
            .onConflict((conflict) => conflict.column('orgId').doNothing())
            .execute();
          return await database.lockHead(trx, orgId);
        },
        async (session) => {
          if (session === undefined) throw new Error('the counter row just made is not there');
          return await action(session);
        },
      ),
  };
}

function createSession(
  database: ServerDatabase,
  trx: ServerTransaction,
  orgId: string,
  locked: Head,
  signer: ReceiptSigner,
  endedAccounts: Set<string>,
): OrganizationSession {
  let head = locked;
  return {
    trx,
    orgId,
    get head() {
      return head;
    },
    async apply(mutation) {
      const next = computeLogHead(head, mutation);
      await database.inSavepoint(trx, async () => {
        const store = new ServerMutationStore(trx, orgId);
        const context = {
          authority: 'server',
          actor: mutation.actor,
          mutationId: mutation.id,
          claimedAt: mutation.claimedAt,
          receivedAt: mutation.receivedAt,
          at: mutation.receivedAt,
          baseSeq: mutation.baseSeq,
          seq: next.seq,
          anchor: await verifyTimeAnchor(trx, signer, orgId, mutation),
          acknowledged: mutation.acknowledged ?? null,
          sha256Hex,
        } as const;
        const origin = mutation.device === null ? 'server' : 'person';
        await runMutation(mutation.definition, store, mutation.args, context, origin);
        await applyConsequences(trx, store, context, signer);
        await indexRows(trx, orgId, store.touchedRows, next.seq);
        for (const accountId of await listEndedAccounts(trx, orgId, store.touchedRows))
          endedAccounts.add(accountId);
        await trx
          .insertInto('mutationLog')
          .values({
            orgId,
            seq: next.seq,
            mutationId: mutation.id,
            name: mutation.definition.name,
            version: mutation.definition.version,
            argsJson: computeCanonicalJson(mutation.args),
            argsHash: mutation.argsHash,
            actorMembershipId: mutation.actor.membershipId,
            accountId: mutation.actor.accountId,
            deviceId: mutation.device?.id ?? null,
            deviceSeq: mutation.device?.seq ?? null,
            claimedAt: mutation.claimedAt,
            receivedAt: mutation.receivedAt,
            hash: next.hash,
          })
          .execute();
      });
      head = next;
      return next.seq;
    },
  };
}

/** How many rows one statement may index: five parameters each. */
const indexChunk = 1000;

async function indexRows(
  trx: ServerTransaction,
  orgId: string,
  rows: readonly TouchedRow[],
  seq: number,
): Promise<void> {
  for (let start = 0; start < rows.length; start += indexChunk) {
    await trx
      .insertInto('rowIndex')
      .values(rows.slice(start, start + indexChunk).map((row) => ({ orgId, ...row, seq })))
      .onConflict((conflict) =>
        conflict
          .columns(['orgId', 'tableName', 'rowId'])
          .doUpdateSet((row) => ({ seq: row.ref('excluded.seq') })),
      )
      .execute();
  }
}
