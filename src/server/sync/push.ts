import { computeCanonicalJson } from '../../shared/canonical-json.ts';
import { StintError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/mutations/mutation.ts';
import { getMutation } from '../../shared/mutations/mutation-registry.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import {
  type PushResponse,
  type PushResult,
  type WireMutation,
  wireMutationSchema,
} from '../../shared/protocol/push.ts';
import { parseInput } from '../../shared/validation.ts';
import type { ServerTransaction } from '../database/server-database.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { createForbidden, getActiveMembership } from './membership-lookup.ts';
import type { OrganizationSession, OrganizationWriter } from './organization-writer.ts';

export interface Pusher {
  readonly accountId: string;
  readonly deviceId: string;
}

/** A mutation as it came in: of its shape, only the id is known. */
export interface IncomingMutation {
  readonly id: string;
}

/**
 * Handles one push (SY-4, SY-6, SY-7): all of it in one transaction, each mutation in a savepoint.
 * What is refused is answered `rejected` and never blocks those behind it.
 * @throws StintError `forbidden` for who is no member; anything but a StintError for a fault, and then
 * nothing of the batch was applied.
 */
export async function handlePush(
  dependencies: { readonly writer: OrganizationWriter; readonly ports: ServerPorts },
  pusher: Pusher,
  orgId: string,
  mutations: readonly IncomingMutation[],
): Promise<PushResponse> {
  // Before the wait for the lock: a submission that was here in time is in time.
  const receivedAt = computeIsoInstant(dependencies.ports.clock.nowMs());
  return await dependencies.writer.write(orgId, async (session) => {
    if (session === undefined) throw createForbidden();
    const membership = await getActiveMembership(session.trx, orgId, pusher.accountId);
    const actor: Actor = {
      accountId: pusher.accountId,
      membershipId: membership.id,
      role: membership.role,
    };
    const results: PushResult[] = [];
    for (const mutation of mutations)
      results.push(await handleMutation(session, mutation, actor, pusher.deviceId, receivedAt));
    return { results, head: session.head, anchor: null };
  });
}

async function handleMutation(
  session: OrganizationSession,
  incoming: IncomingMutation,
  actor: Actor,
  deviceId: string,
  receivedAt: string,
): Promise<PushResult> {
  let mutation: WireMutation;
  try {
    mutation = parseInput(wireMutationSchema, incoming, 'The mutation');
    const known = await findAnswer(session.trx, session.orgId, mutation, actor);
    if (known !== undefined) return known;
    assertArgsHash(mutation);
    // Unknown to this version is no answer for ever: a newer server may know it, so nothing is stored.
    getMutation(mutation.name, mutation.version);
  } catch (error) {
    if (error instanceof StintError) return computeRejection(incoming.id, error);
    throw error;
  }
  const result = await applyMutation(session, mutation, actor, deviceId, receivedAt);
  await session.trx
    .insertInto('mutationResults')
    .values({
      orgId: session.orgId,
      mutationId: mutation.id,
      argsHash: mutation.argsHash,
      membershipId: actor.membershipId,
      deviceId,
      deviceSeq: mutation.deviceSeq,
      name: mutation.name,
      version: mutation.version,
      status: result.status === 'applied' ? 'applied' : 'rejected',
      seq: result.seq,
      code: result.code,
      message: result.message,
      field: result.field,
      receivedAt,
    })
    .execute();
  return result;
}

async function applyMutation(
  session: OrganizationSession,
  mutation: WireMutation,
  actor: Actor,
  deviceId: string,
  receivedAt: string,
): Promise<PushResult> {
  try {
    const seq = await session.apply({
      definition: getMutation(mutation.name, mutation.version),
      id: mutation.id,
      args: mutation.args,
      argsHash: mutation.argsHash,
      actor,
      device: { id: deviceId, seq: mutation.deviceSeq },
      claimedAt: mutation.claimedAt,
      receivedAt,
      baseSeq: mutation.baseSeq,
    });
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

/**
 * SY-6: what was answered to this mutation before.
 * @throws StintError `conflict` where the id was used for something else, or by someone else.
 */
async function findAnswer(
  trx: ServerTransaction,
  orgId: string,
  mutation: WireMutation,
  actor: Actor,
): Promise<PushResult | undefined> {
  const found = await trx
    .selectFrom('mutationResults')
    .selectAll()
    .where('orgId', '=', orgId)
    .where('mutationId', '=', mutation.id)
    .executeTakeFirst();
  if (found === undefined) return undefined;
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

function assertArgsHash(mutation: WireMutation): void {
  let found: string;
  try {
    found = sha256Hex(computeCanonicalJson(mutation.args));
  } catch {
    throw new StintError('invalid_input', "the mutation's arguments are nested too deeply", {
      field: 'args',
    });
  }
  if (found !== mutation.argsHash)
    throw new StintError(
      'invalid_input',
      "the mutation's arguments do not have the hash that it states; they were damaged on the way",
      { field: 'argsHash' },
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
