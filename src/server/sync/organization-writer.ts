import type { HeldAnchor } from '../../shared/domain/time-anchor.ts';
import { eraseInvitation, erasePerson } from '../../shared/mutations/erasure-mutations.ts';
import type { Actor, MutationDefinition } from '../../shared/mutations/mutation.ts';
import { runMutation } from '../../shared/mutations/run-mutation.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Acknowledgement, Head } from '../../shared/protocol/push.ts';
import { DatabaseUnavailableError } from '../database/database-unavailable-error.ts';
import type { ServerDatabase, ServerTransaction } from '../database/server-database.ts';
import type { PokeHub } from '../pokes/poke-hub.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { applyConsequences } from './consequences.ts';
import { listEndedAccounts } from './ended-access.ts';
import { eraseFromLog, eraseInvitedFromLog, namesErasedPerson } from './erase-from-log.ts';
import { computeLogHead, emptyHead } from './log-hash.ts';
import type { ReceiptSigner } from './receipt-signer.ts';
import { collectNamedRows } from './named-rows.ts';
import { ServerMutationStore } from './server-mutation-store.ts';
import type { StoredAnswer } from './stored-answers.ts';
import { verifyTimeAnchor } from './time-anchors.ts';
import { verifyAcknowledgement } from './verify-acknowledgement.ts';
import { WriteBuffer, WriteBufferFailure } from './write-buffer.ts';
import { yieldToOthers } from './yield-to-others.ts';

/** A mutation to apply, with all that the log keeps of it. */
export interface MutationToApply {
  readonly definition: MutationDefinition;
  readonly id: string;
  readonly args: unknown;
  /** The arguments' canonical JSON, and its SHA-256. */
  readonly argsJson: string;
  readonly argsHash: string;
  readonly actor: Actor;
  /** Null when the server itself brings the mutation about. */
  readonly device: { readonly id: string; readonly seq: number } | null;
  readonly claimedAt: string;
  readonly receivedAt: string;
  readonly baseSeq: number;
  /** SY-17: as it came; verified here. Left out where there is none. */
  readonly anchor?: HeldAnchor | null;
  /** SY-15: as it came; verified here. Left out for what was not lost. */
  readonly acknowledged?: Acknowledgement | null;
}

/** The organization while its counter row is locked. */
export interface OrganizationSession {
  /** Sees all that was applied, though some of it waits to be written together with more. */
  readonly trx: ServerTransaction;
  readonly orgId: string;
  readonly head: Head;
  /**
   * Applies one mutation in a savepoint, with its consequences, its place in the row index and its
   * line in the log, and answers its number.
   * @throws StintError when it is refused, anything else for a fault; nothing of it remains then.
   */
  apply(mutation: MutationToApply): Promise<number>;
  /** Loads what a batch's mutations name in their arguments at once, where they would ask for it one by one. */
  prefetch(argumentsOfBatch: readonly unknown[]): Promise<void>;
  /** The answers to a batch; written at the end, together with all else. */
  keepAnswers(answers: readonly StoredAnswer[]): void;
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
  readonly clock: Clock;
  /** Told after how long, in ms, each transaction had its organization's lock. */
  readonly onLocked: (waitedMs: number) => void;
}): OrganizationWriter {
  const { database, signer, pokes, clock, onLocked } = dependencies;

  async function run<Result>(
    orgId: string,
    begin: (trx: ServerTransaction) => Promise<Head | undefined>,
    action: (session: OrganizationSession | undefined) => Promise<Result>,
  ): Promise<Result> {
    let hasChanged = false;
    const endedAccounts = new Set<string>();
    const attempt = (isCareful: boolean): Promise<Result> => {
      const askedMs = clock.monotonicMs();
      return database.write(async (trx) => {
        endedAccounts.clear();
        const locked = await begin(trx);
        onLocked(clock.monotonicMs() - askedMs);
        if (locked === undefined) return await action(undefined);
        const buffer = new WriteBuffer(database, trx, orgId, { isCareful });
        const session = createSession(buffer, locked, signer, endedAccounts);
        const answer = await action(session);
        hasChanged = session.head.seq !== locked.seq;
        await buffer.finish(hasChanged ? session.head : undefined);
        return answer;
      });
    };
    let result: Result;
    try {
      result = await attempt(false);
    } catch (error) {
      if (!(error instanceof WriteBufferFailure)) throw error;
      // No mutation is at fault, and trying again would take as long once more.
      if (error.cause instanceof DatabaseUnavailableError) throw error.cause;
      result = await attempt(true);
    }
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
  buffer: WriteBuffer,
  locked: Head,
  signer: ReceiptSigner,
  endedAccounts: Set<string>,
): OrganizationSession {
  const { orgId, reader } = buffer;
  let head = locked;
  let count = 0;

  async function run(mutation: MutationToApply, next: Head): Promise<void> {
    const store = new ServerMutationStore(buffer);
    const context = {
      authority: 'server',
      actor: mutation.actor,
      mutationId: mutation.id,
      claimedAt: mutation.claimedAt,
      receivedAt: mutation.receivedAt,
      at: mutation.receivedAt,
      baseSeq: mutation.baseSeq,
      seq: next.seq,
      anchor: await verifyTimeAnchor(reader, signer, orgId, mutation),
      acknowledged: verifyAcknowledgement(signer, orgId, mutation.acknowledged ?? null),
      sha256Hex,
    } as const;
    const origin = mutation.device === null ? 'server' : 'person';
    await runMutation(mutation.definition, store, mutation.args, context, origin);
    await applyConsequences(reader, store, context, signer);
    await eraseWhereAsked(reader, orgId, mutation);
    const ended = await listEndedAccounts(reader, orgId, store.touchedRows);
    const line = computeLogLine(orgId, mutation, next);
    const cameLate = await namesErasedPerson(reader, orgId, mutation);
    await buffer.keepMutation(
      cameLate ? { ...line, argsJson: '', erasedAt: mutation.receivedAt } : line,
      store.touchedRows.map((row) => ({ orgId, ...row, seq: next.seq })),
    );
    for (const accountId of ended) endedAccounts.add(accountId);
  }

  return {
    trx: reader,
    orgId,
    get head() {
      return head;
    },
    async apply(mutation) {
      count += 1;
      if (count % mutationsPerTurn === 0) await yieldToOthers();
      const next = computeLogHead(head, mutation);
      await buffer.beginMutation();
      try {
        await run(mutation, next);
      } catch (error) {
        await buffer.dropMutation(error);
        throw error;
      }
      head = next;
      return next.seq;
    },
    keepAnswers: (answers) => buffer.keepAnswers(answers),
    async prefetch(argumentsOfBatch) {
      if (argumentsOfBatch.length < smallestPrefetch) return;
      for (const [table, ids] of collectNamedRows(argumentsOfBatch))
        await buffer.prefetch(table, ids);
    },
  };
}

/**
 * After so many mutations, whoever else waits for this process has a turn: streams, uploads, other
 * organizations on PostgreSQL. The transaction stays open meanwhile.
 */
const mutationsPerTurn = 50;

/** Fewer mutations ask for what they need themselves, with fewer queries. */
const smallestPrefetch = 8;

/** What an erasure means for the log, which no rule of both sides can reach. */
async function eraseWhereAsked(
  reader: ServerTransaction,
  orgId: string,
  { definition, args, receivedAt }: MutationToApply,
): Promise<void> {
  if (definition.name === eraseInvitation.name)
    await eraseInvitedFromLog(reader, orgId, receivedAt);
  if (definition.name !== erasePerson.name) return;
  const { membershipId } = erasePerson.schema.parse(args);
  await eraseFromLog(reader, { orgId, membershipId }, receivedAt);
}

function computeLogLine(orgId: string, mutation: MutationToApply, { seq, hash }: Head) {
  return {
    orgId,
    seq,
    mutationId: mutation.id,
    name: mutation.definition.name,
    version: mutation.definition.version,
    argsJson: mutation.argsJson,
    argsHash: mutation.argsHash,
    actorMembershipId: mutation.actor.membershipId,
    accountId: mutation.actor.accountId,
    deviceId: mutation.device?.id ?? null,
    deviceSeq: mutation.device?.seq ?? null,
    claimedAt: mutation.claimedAt,
    receivedAt: mutation.receivedAt,
    hash,
    erasedAt: null,
  };
}
