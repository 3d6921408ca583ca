import { computeCanonicalJson } from '../../shared/canonical-json.ts';
import { StintError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/mutations/mutation.ts';
import { getMutation } from '../../shared/mutations/mutation-registry.ts';
import {
  acceptQuarantined,
  declineQuarantined,
  returnToQuarantine,
} from '../../shared/mutations/quarantine-decisions.ts';
import { wireMutationSchema } from '../../shared/protocol/push.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import type { OrganizationSession } from './organization-writer.ts';
import { runServerMutation } from './run-server-mutation.ts';

/**
 * SY-10: what follows on the server when an employer has decided on quarantined work, in the decision's own
 * transaction. Accepted: the change is applied as the person who made it and with the times it came with, under
 * a number of its own, and the answer to that person becomes `applied`; where the rules refuse it, the work
 * waits on and says why. Declined: the answer becomes a refusal with the employer's reason. Once settled, it
 * changes nothing any more.
 *
 * @param decision a mutation that was just applied; any but the two decisions is passed over.
 */
export async function settleQuarantine(
  session: OrganizationSession,
  ports: ServerPorts,
  decision: { readonly name: string; readonly args: unknown },
  decider: Actor,
): Promise<void> {
  if (decision.name === acceptQuarantined.name)
    await settleAccepted(session, ports, acceptQuarantined.schema.parse(decision.args).id, decider);
  if (decision.name === declineQuarantined.name)
    await settleDeclined(session, declineQuarantined.schema.parse(decision.args));
}

async function isUnsettled(session: OrganizationSession, mutationId: string): Promise<boolean> {
  const answer = await session.trx
    .selectFrom('mutationResults')
    .select('status')
    .where('orgId', '=', session.orgId)
    .where('mutationId', '=', mutationId)
    .executeTakeFirst();
  return answer?.status === 'quarantined';
}

async function settleAccepted(
  session: OrganizationSession,
  ports: ServerPorts,
  mutationId: string,
  decider: Actor,
): Promise<void> {
  if (!(await isUnsettled(session, mutationId))) return;
  try {
    const seq = await applyHeld(session, mutationId);
    await changeAnswer(session, mutationId, { status: 'applied', seq, code: null, message: null });
  } catch (error) {
    if (!(error instanceof StintError)) throw error;
    const problem = error.message.slice(0, 2000);
    await runServerMutation(
      session,
      ports,
      returnToQuarantine,
      { id: mutationId, problem },
      decider,
    );
  }
}

async function applyHeld(session: OrganizationSession, mutationId: string): Promise<number> {
  const held = await session.trx
    .selectFrom('quarantinedChanges')
    .selectAll()
    .where('orgId', '=', session.orgId)
    .where('id', '=', mutationId)
    .executeTakeFirstOrThrow();
  const { role } = await session.trx
    .selectFrom('memberships')
    .select('role')
    .where('orgId', '=', session.orgId)
    .where('id', '=', held.membershipId)
    .executeTakeFirstOrThrow();
  const mutation = wireMutationSchema.parse(JSON.parse(held.mutationJson));
  return await session.apply({
    definition: getMutation(mutation.name, mutation.version),
    id: mutation.id,
    args: mutation.args,
    argsJson: computeCanonicalJson(mutation.args),
    argsHash: mutation.argsHash,
    actor: { accountId: held.accountId, membershipId: held.membershipId, role },
    device: { id: held.deviceId, seq: mutation.deviceSeq },
    claimedAt: held.claimedAt,
    receivedAt: held.receivedAt,
    baseSeq: mutation.baseSeq,
    anchor: mutation.anchor,
    acknowledged: mutation.acknowledged,
  });
}

async function settleDeclined(
  session: OrganizationSession,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<void> {
  if (!(await isUnsettled(session, id))) return;
  await changeAnswer(session, id, {
    status: 'rejected',
    seq: null,
    code: 'refused',
    message: `the organization declined it: ${reason}`,
  });
}

/** SY-6: who asks again for the answer to this mutation gets the new one. */
async function changeAnswer(
  session: OrganizationSession,
  mutationId: string,
  answer: {
    readonly status: 'applied' | 'rejected';
    readonly seq: number | null;
    readonly code: 'refused' | null;
    readonly message: string | null;
  },
): Promise<void> {
  await session.trx
    .updateTable('mutationResults')
    .set(answer)
    .where('orgId', '=', session.orgId)
    .where('mutationId', '=', mutationId)
    .execute();
}
