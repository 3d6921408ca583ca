import { StintError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/mutations/mutation.ts';
import { removeMember } from '../../shared/mutations/member-mutations.ts';
import { getMutation } from '../../shared/mutations/mutation-registry.ts';
import { leaveOrganization, setRole } from '../../shared/mutations/role-mutations.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import {
  type Head,
  type PushResponse,
  type PushResult,
  type WireMutation,
  wireMutationSchema,
} from '../../shared/protocol/push.ts';
import { parseInput } from '../../shared/validation.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { assertArguments } from './assert-arguments.ts';
import { fulfilErasures } from './fulfil-erasures.ts';
import { isHeadKnown } from './known-heads.ts';
import { emptyHead } from './log-hash.ts';
import { createForbidden, findMembership } from './membership-lookup.ts';
import type { OrganizationSession, OrganizationWriter } from './organization-writer.ts';
import { settleEvaluations } from './open-evaluations.ts';
import { createQuarantineRoom, quarantineMutation, type QuarantineRoom } from './quarantine.ts';
import { settleQuarantine } from './settle-quarantine.ts';
import { loadStoredAnswers, type StoredAnswer, type StoredAnswers } from './stored-answers.ts';

export interface Pusher {
  readonly accountId: string;
  readonly deviceId: string;
}

/** A mutation as it came in: of its shape, only the id is known. */
export interface IncomingMutation {
  readonly id: string;
}

/** A push as it came in. */
export interface IncomingPush {
  readonly mutations: readonly IncomingMutation[];
  /** SY-15: null where the workspace has reached none, and from a workspace of version 1. */
  readonly head: Head | null;
}

/** Whose batch it is, and what came with it. */
interface PushCall {
  readonly session: OrganizationSession;
  readonly ports: ServerPorts;
  /** With the role that the person has after what was applied so far. */
  actor: Actor;
  /** Whether the person's access has ended, so that their work waits for the employer (SY-10). May end with this push. */
  isRemoved: boolean;
  readonly room: QuarantineRoom;
  readonly deviceId: string;
  readonly receivedAt: string;
  readonly answers: StoredAnswers;
}

/**
 * Handles one push (SY-4, SY-6, SY-7): all of it in one transaction, each mutation in a savepoint.
 * What is refused is answered `rejected` and never blocks those behind it.
 * @throws StintError `forbidden` for who never was a member; `head_unknown` where this server was restored
 * from a backup and has lost what the workspace saw (SY-15); `rekey` where the device's sequence was given
 * away twice, since the workspace was restored or cloned (SY-16). Anything but a StintError for a fault. In
 * all these cases nothing of the batch was applied.
 */
export async function handlePush(
  dependencies: { readonly writer: OrganizationWriter; readonly ports: ServerPorts },
  pusher: Pusher,
  orgId: string,
  push: IncomingPush,
): Promise<Omit<PushResponse, 'anchor'>> {
  // Before the wait for the lock: a submission that was here in time is in time.
  const receivedAt = computeIsoInstant(dependencies.ports.clock.nowMs());
  return await dependencies.writer.write(orgId, async (session) => {
    if (session === undefined) throw createForbidden();
    const membership = await findMembership(session.trx, orgId, pusher.accountId);
    if (membership === undefined) throw createForbidden();
    const isRemoved = membership.status !== 'active';
    // Who may not pull could never learn what the server has lost, and would keep their work for ever.
    if (!isRemoved && !(await isHeadKnown(session.trx, orgId, push.head, session.head)))
      throw new StintError(
        'head_unknown',
        'this server was restored from a backup and has lost changes that this workspace saw; the workspace has to pull first',
      );
    const incoming = push.mutations.map(parseMutation);
    const mutations = incoming.flatMap((one) => (one instanceof Malformed ? [] : [one]));
    const call: PushCall = {
      session,
      ports: dependencies.ports,
      actor: {
        accountId: pusher.accountId,
        membershipId: membership.id,
        role: membership.role,
      },
      isRemoved,
      room: createQuarantineRoom(session, membership.id),
      deviceId: pusher.deviceId,
      receivedAt,
      answers: await loadStoredAnswers(
        session.trx,
        orgId,
        { deviceId: pusher.deviceId, membershipId: membership.id },
        mutations,
      ),
    };
    assertOwnSequence(call, mutations);
    await session.prefetch(mutations.map(({ args }) => args));
    const results: PushResult[] = [];
    for (const one of incoming)
      results.push(
        one instanceof Malformed
          ? computeRejection(one.id, one.problem)
          : await handleMutation(call, one),
      );
    session.keepAnswers(call.answers.listAdded());
    if (!call.isRemoved) return { results, head: session.head };
    // How far the organization is belongs to those who may see it; the number of a hold would say it, too (SY-10).
    return {
      results: results.map((result) =>
        result.status === 'quarantined' ? { ...result, seq: null } : result,
      ),
      head: emptyHead,
    };
  });
}

class Malformed {
  readonly id: string;
  readonly problem: StintError;

  constructor(id: string, problem: StintError) {
    this.id = id;
    this.problem = problem;
  }
}

function parseMutation(incoming: IncomingMutation): WireMutation | Malformed {
  try {
    return parseInput(wireMutationSchema, incoming, 'The mutation');
  } catch (error) {
    if (error instanceof StintError) return new Malformed(incoming.id, error);
    throw error;
  }
}

/**
 * SY-16: a number that this device gave to another change before was given by another copy of the
 * workspace, or before it was restored. Both go on, each as a device of its own.
 */
function assertOwnSequence({ answers }: PushCall, mutations: readonly WireMutation[]): void {
  const taken = mutations
    .filter(({ id, deviceSeq }) => answers.find(id) === undefined && answers.isTaken(deviceSeq))
    .map(({ deviceSeq }) => deviceSeq);
  if (taken.length > 0)
    throw new StintError(
      'rekey',
      `this device gave its number ${Math.min(...taken)} to another change before: the workspace was restored or copied, and has to go on as a device of its own`,
    );
}

async function handleMutation(call: PushCall, mutation: WireMutation): Promise<PushResult> {
  const { answers } = call;
  let argsJson: string;
  try {
    const known = answers.find(mutation.id);
    if (known !== undefined) return computeRepeatedResult(known, mutation, call.actor);
    argsJson = assertArguments(mutation);
    assertUnusedSequence(answers, mutation);
    // Unknown to this version is no answer for ever: a newer server may know it, so nothing is stored.
    getMutation(mutation.name, mutation.version);
  } catch (error) {
    if (error instanceof StintError) return computeRejection(mutation.id, error);
    throw error;
  }
  const result = await applyMutation(call, mutation, argsJson);
  if (isFinal(call, mutation, result))
    answers.add({
      orgId: call.session.orgId,
      mutationId: mutation.id,
      argsHash: mutation.argsHash,
      membershipId: call.actor.membershipId,
      deviceId: call.deviceId,
      deviceSeq: mutation.deviceSeq,
      name: mutation.name,
      version: mutation.version,
      status: result.status,
      seq: result.seq,
      code: result.code,
      message: result.message,
      field: result.field,
      receivedAt: call.receivedAt,
    });
  return result;
}

/**
 * Whether this answer stands for ever. A refusal does not where the change had been taken once and may build
 * on what others have yet to send again (SY-15), nor where the person had no access at that time (SY-10).
 */
function isFinal(call: PushCall, mutation: WireMutation, { status }: PushResult): boolean {
  return status !== 'rejected' || (mutation.acknowledged === null && !call.isRemoved);
}

async function applyMutation(
  call: PushCall,
  mutation: WireMutation,
  argsJson: string,
): Promise<PushResult> {
  const { session } = call;
  try {
    if (call.isRemoved) return await quarantineMutation(session, call.ports, mutation, call);
    const seq = await session.apply({
      definition: getMutation(mutation.name, mutation.version),
      id: mutation.id,
      args: mutation.args,
      argsJson,
      argsHash: mutation.argsHash,
      actor: call.actor,
      device: { id: call.deviceId, seq: mutation.deviceSeq },
      claimedAt: mutation.claimedAt,
      receivedAt: call.receivedAt,
      baseSeq: mutation.baseSeq,
      anchor: mutation.anchor,
      acknowledged: mutation.acknowledged,
    });
    await settleQuarantine(session, call.ports, mutation, call.actor);
    await settleEvaluations(session, call.ports, mutation, call.actor);
    if (standingMutations.has(mutation.name)) await noteStanding(call);
    return {
      id: mutation.id,
      status: 'applied',
      repeated: false,
      seq,
      code: null,
      message: null,
      field: null,
    };
  } catch (error) {
    if (error instanceof StintError) return computeRejection(mutation.id, error);
    throw error;
  }
}

/** By these the person's own access may end, or their role change. */
const standingMutations: ReadonlySet<string> = new Set([
  leaveOrganization.name,
  removeMember.name,
  setRole.name,
]);

/** What comes in one push after the person has left, or become something else, is what they are by then. */
async function noteStanding(call: PushCall): Promise<void> {
  const { session, actor, ports } = call;
  const membership = await findMembership(session.trx, session.orgId, actor.accountId);
  call.isRemoved = membership?.status !== 'active';
  if (membership !== undefined) call.actor = { ...actor, role: membership.role };
  if (call.isRemoved) await fulfilErasures(session, ports, actor);
}

/**
 * SY-6: what was answered to this mutation before.
 * @throws StintError `conflict` where the id was used for something else, or by someone else.
 */
function computeRepeatedResult(
  found: StoredAnswer,
  mutation: WireMutation,
  actor: Actor,
): PushResult {
  const isSame =
    found.argsHash === mutation.argsHash &&
    found.membershipId === actor.membershipId &&
    found.name === mutation.name &&
    found.version === mutation.version;
  if (!isSame)
    throw new StintError(
      'conflict',
      `the mutation id ${mutation.id} was used for another change before; this one was not applied`,
    );
  return {
    id: mutation.id,
    status: found.status,
    repeated: true,
    seq: found.seq,
    code: found.code,
    message: found.message,
    field: found.field,
  };
}

/** No outbox numbers two changes alike; of two in one batch, the second is damaged or made up. */
function assertUnusedSequence(answers: StoredAnswers, { deviceSeq }: WireMutation): void {
  if (answers.hasAdded(deviceSeq))
    throw new StintError(
      'invalid_input',
      `the device's number ${deviceSeq} was given to two changes of one push`,
      { field: 'deviceSeq' },
    );
}

function computeRejection(id: string, error: StintError): PushResult {
  return {
    id,
    status: 'rejected',
    repeated: false,
    seq: null,
    code: error.code,
    message: error.message,
    field: error.field ?? null,
  };
}
