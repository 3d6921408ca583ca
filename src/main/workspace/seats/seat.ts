import type { Kysely, Transaction } from 'kysely';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { computeCanonicalJson } from '../../../shared/canonical-json.ts';
import type { DomainTable } from '../../../shared/database/domain-tables.ts';
import type { Role } from '../../../shared/domain/fields.ts';
import type { MutationContext, MutationDefinition } from '../../../shared/mutations/mutation.ts';
import { mutationDefinitions } from '../../../shared/mutations/mutation-registry.ts';
import { detachDeliverable } from '../../../shared/mutations/draft-version-mutations.ts';
import { runMutation } from '../../../shared/mutations/run-mutation.ts';
import type { HeldAnchor } from '../../../shared/domain/time-anchor.ts';
import { type Clock, computeIsoInstant } from '../../../shared/ports.ts';
import { type ErrorCode, StintError } from '../../../shared/errors.ts';
import type { OpenedDatabase } from '../database/open-database.ts';
import type { OutboxRow, OutboxStateRow, SeatDatabase } from '../database/seat-tables.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import { SeatMutationStore } from './seat-mutation-store.ts';

export interface SeatRecord {
  readonly seatId: string;
  readonly accountKey: string;
  readonly accountId: string;
  readonly orgId: string;
  readonly membershipId: string;
  readonly role: Role;
  readonly organizationName: string;
  readonly email: string;
  readonly serverUrl: string;
  readonly isSample: boolean;
}

/** The mutations that a person can bring about, by name: the newest version of each. */
type MutationByName = {
  [Name in Definition['name']]: NewestOf<Extract<Definition, { readonly name: Name }>>;
};
type Definition = (typeof mutationDefinitions)[number];
type NewestOf<Versions> = [Extract<Versions, { readonly version: 3 }>] extends [never]
  ? [Extract<Versions, { readonly version: 2 }>] extends [never]
    ? Versions
    : Extract<Versions, { readonly version: 2 }>
  : Extract<Versions, { readonly version: 3 }>;

/** What a mutation takes, by its name. */
export type MutationArguments<Name extends keyof MutationByName> =
  MutationByName[Name] extends MutationDefinition<infer Args> ? Args : never;

const newestByName = new Map<string, (typeof mutationDefinitions)[number]>();
for (const definition of mutationDefinitions) {
  const known = newestByName.get(definition.name);
  if (known === undefined || known.version < definition.version)
    newestByName.set(definition.name, definition);
}

export interface MutateOptions {
  /** What the change is about, for the list of what waits: a title or a name. */
  readonly subject: string;
  /** Of a change that an older program made: the version whose arguments they are. The newest where it is left out. */
  readonly version?: number;
  /** Runs in the same transaction, after the mutation: local rows that must be kept or lost together with it. */
  readonly within?: (tx: Transaction<SeatDatabase>) => Promise<void>;
}

/** One of several changes that are made together. */
export interface Change {
  readonly name: string;
  readonly args: unknown;
  readonly options: MutateOptions;
}

export function createChange<Name extends keyof MutationByName>(
  name: Name,
  args: MutationArguments<Name>,
  options: MutateOptions,
): Change {
  return { name, args, options };
}

function getPersonalMutation(name: string, version?: number): (typeof mutationDefinitions)[number] {
  const definition =
    version === undefined
      ? newestByName.get(name)
      : mutationDefinitions.find((each) => each.name === name && each.version === version);
  if (definition === undefined || definition.by === 'server')
    throw new StintError('internal', `"${name}" is not a change that a person can make`);
  return definition;
}

/** Whether the newest version of this mutation takes these arguments, as it does not those of every older one. */
export const isForNewestVersion = (name: string, args: unknown): boolean =>
  newestByName.get(name)?.schema.safeParse(args).success === true;

async function insertState(
  tx: Transaction<SeatDatabase>,
  row: OutboxRow,
  known: Pick<OutboxStateRow, 'state' | 'subject'> &
    Partial<Pick<OutboxStateRow, 'code' | 'message' | 'answeredAt'>>,
): Promise<void> {
  await tx
    .insertInto('outboxStates')
    .values({
      mutationId: row.id,
      deviceSeq: row.deviceSeq,
      seq: null,
      code: null,
      message: null,
      field: null,
      answeredAt: null,
      replayProblem: null,
      acknowledgedSeq: null,
      ...known,
    })
    .execute();
}

/**
 * One membership as this device holds it: the mirrored rows, the outbox, the cursor. Everything a person
 * does in an organization goes through `mutate`.
 */
export class Seat {
  record: SeatRecord;
  readonly db: Kysely<SeatDatabase>;
  readonly opened: OpenedDatabase<SeatDatabase>;
  readonly #ports: WorkspacePorts;
  readonly #emit: (event: EngineEvent) => void;
  /** Called after each commit of a mutation: the sync loop listens (no button needed). */
  onMutated: () => void = () => {};

  constructor(
    record: SeatRecord,
    opened: OpenedDatabase<SeatDatabase>,
    ports: WorkspacePorts,
    emit: (event: EngineEvent) => void,
  ) {
    this.record = record;
    this.opened = opened;
    this.db = opened.db;
    this.#ports = ports;
    this.#emit = emit;
  }

  /**
   * Applies a mutation to the local rows and queues it, in one transaction (SY-1): when the promise
   * fulfils, a kill loses nothing.
   *
   * @returns the mutation's id.
   * @throws StintError when the rules refuse it; nothing was changed or queued then.
   */
  async mutate<Name extends keyof MutationByName>(
    name: Name,
    args: MutationArguments<Name>,
    options: MutateOptions,
  ): Promise<string> {
    const [mutationId] = await this.mutateAll([createChange(name, args, options)]);
    if (mutationId === undefined) throw new Error('one change was made and none was answered');
    return mutationId;
  }

  /**
   * Applies and queues several mutations in their order, all in one transaction: either all of them are kept, or, where
   * the rules refuse one, none.
   *
   * @returns the mutations' ids.
   * @throws StintError as `mutate`.
   */
  async mutateAll(changes: readonly Change[]): Promise<string[]> {
    const ids = changes.map(() => this.#ports.randomness.uuid());
    const written = await this.db.transaction().execute(async (tx) => {
      const tables = new Set<DomainTable | 'outbox'>();
      for (const [index, { name, args, options }] of changes.entries()) {
        const definition = getPersonalMutation(name, options.version);
        const mutationId = ids[index] ?? '';
        const row = await this.#appendOutboxRow(tx, mutationId, definition, args);
        await insertState(tx, row, { state: 'pending', subject: options.subject });
        const store = new SeatMutationStore(tx, this.record.orgId);
        await runMutation(definition as never, store, args, this.computeContext(row));
        await store.saveTrace(mutationId);
        await this.#queueUploads(tx, store.listCreatedIds('attachments'));
        await this.#queueUploads(tx, listBroughtBack(name, args), { asksAgain: true });
        await options.within?.(tx);
        for (const table of store.listWrittenTables()) tables.add(table);
      }
      return [...tables];
    });
    this.announceChange(written);
    if (changes.length > 0) this.onMutated();
    return ids;
  }

  /**
   * Keeps a change that cannot be applied any more, since what it is about has left this person's sight, or the rules
   * refuse it: it stands among what needs attention, and can be exported (SY-10). It is not sent, and nothing is lost.
   *
   * @param options.reason in plain words, why it was not applied; `code` says it to programs.
   */
  async keep<Name extends keyof MutationByName>(
    name: Name,
    args: MutationArguments<Name>,
    options: MutateOptions & { readonly reason: string; readonly code: ErrorCode },
  ): Promise<string> {
    const definition = getPersonalMutation(name);
    const mutationId = this.#ports.randomness.uuid();
    await this.db.transaction().execute(async (tx) => {
      const row = await this.#appendOutboxRow(tx, mutationId, definition, args);
      await insertState(tx, row, {
        state: 'kept',
        subject: options.subject,
        code: options.code,
        message: options.reason,
        answeredAt: row.claimedAt,
      });
      await options.within?.(tx);
    });
    this.announceChange(['outbox']);
    return mutationId;
  }

  /** The context in which an outbox row's mutation runs on this device, now and at every replay. */
  computeContext(row: OutboxRow): MutationContext {
    return {
      authority: 'workspace',
      actor: {
        accountId: this.record.accountId,
        membershipId: this.record.membershipId,
        role: this.record.role,
      },
      mutationId: row.id,
      claimedAt: row.claimedAt,
      receivedAt: null,
      at: row.claimedAt,
      baseSeq: row.baseSeq,
      seq: 0,
      anchor: null,
      acknowledged: null,
      sha256Hex: this.#ports.sha256Hex,
    };
  }

  get clock(): Clock {
    return this.#ports.clock;
  }

  announceChange(tables: readonly (DomainTable | 'outbox')[]): void {
    if (tables.length > 0)
      this.#emit({ type: 'changed', seatId: this.record.seatId, tables: [...tables] });
    this.#emit({ type: 'sync' });
  }

  emit(event: EngineEvent): void {
    this.#emit(event);
  }

  async #appendOutboxRow(
    tx: Transaction<SeatDatabase>,
    mutationId: string,
    definition: { readonly name: string; readonly version: number },
    args: unknown,
  ): Promise<OutboxRow> {
    const previous = await tx
      .selectFrom('outbox')
      .select(['deviceSeq', 'rowHash'])
      .orderBy('deviceSeq', 'desc')
      .limit(1)
      .executeTakeFirst();
    const { headSeq } = await tx
      .selectFrom('seatState')
      .select('headSeq')
      .executeTakeFirstOrThrow();
    const argsJson = computeCanonicalJson(args);
    const monotonicMs = this.#ports.clock.monotonicMs();
    const content = {
      deviceSeq: (previous?.deviceSeq ?? 0) + 1,
      id: mutationId,
      name: definition.name,
      version: definition.version,
      argsJson,
      argsHash: this.#ports.sha256Hex(argsJson),
      previousHash: previous?.rowHash ?? '',
      claimedAt: computeIsoInstant(this.#ports.clock.nowMs()),
      bootId: this.#ports.clock.bootId,
      monotonicMs,
      baseSeq: headSeq,
    };
    const anchor =
      definition.name === 'submission.create' ? await this.#findAnchor(tx, monotonicMs) : undefined;
    const anchored =
      anchor === undefined ? content : { ...content, anchorJson: computeCanonicalJson(anchor) };
    const row = {
      anchorJson: null,
      ...anchored,
      rowHash: this.#ports.sha256Hex(computeCanonicalJson(anchored)),
    };
    await tx.insertInto('outbox').values(row).execute();
    return row;
  }

  /** SY-17: the newest anchor, and how long it has been held by a clock that nobody sets. */
  async #findAnchor(
    tx: Transaction<SeatDatabase>,
    monotonicMs: number,
  ): Promise<HeldAnchor | undefined> {
    const held = await tx.selectFrom('heldAnchors').selectAll().executeTakeFirst();
    if (held === undefined) return undefined;
    const { statementJson, keyId, signature, heldSince } = held;
    const elapsedMs =
      held.bootId === this.#ports.clock.bootId ? Math.max(0, monotonicMs - held.monotonicMs) : null;
    return { statementJson, keyId, signature, elapsedMs, heldSince };
  }

  /**
   * SY-22: contents that this person attached have to reach the server; the queue is kept with the mutation.
   *
   * @param asksAgain whether the server is asked about what it had taken, too: it may have collected it since.
   */
  async #queueUploads(
    tx: Transaction<SeatDatabase>,
    attachmentIds: string[],
    { asksAgain = false } = {},
  ): Promise<void> {
    if (attachmentIds.length === 0) return;
    const queuedAt = computeIsoInstant(this.#ports.clock.nowMs());
    const attachments = await tx
      .selectFrom('attachments')
      .select(['sha256', 'sizeBytes', 'name'])
      .where('orgId', '=', this.record.orgId)
      .where('id', 'in', attachmentIds)
      .execute();
    // Whoever ended its sending wants it sent now.
    await tx
      .deleteFrom('endedUploads')
      .where('uploadUrl', 'is', null)
      .where(
        'sha256',
        'in',
        attachments.map(({ sha256 }) => sha256),
      )
      .execute();
    const unsent = { uploadUrl: null, sentBytes: 0, attempts: 0, problem: null, finishedAt: null };
    for (const attachment of attachments)
      await tx
        .insertInto('uploads')
        .values({ ...attachment, ...unsent, queuedAt })
        .onConflict((conflict) =>
          asksAgain
            ? conflict
                .column('sha256')
                .doUpdateSet(unsent)
                .where('uploads.finishedAt', 'is not', null)
            : // Whoever brings the file again is no longer asked to.
              conflict
                .column('sha256')
                .doUpdateSet({ problem: null })
                .where('uploads.finishedAt', 'is', null),
        )
        .execute();
  }
}

/** Files that were taken out of a draft, whose sending may have been ended then, and are in it again. */
function listBroughtBack(name: string, args: unknown): string[] {
  if (name !== detachDeliverable.name) return [];
  const { attachmentId, detached } = detachDeliverable.schema.parse(args);
  return detached ? [] : [attachmentId];
}
