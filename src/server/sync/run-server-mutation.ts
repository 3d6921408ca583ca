import type { z } from 'zod';
import { computeCanonicalJson } from '../../shared/canonical-json.ts';
import type { Actor, MutationDefinition } from '../../shared/mutations/mutation.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { sha256Hex } from '../sha256-hex.ts';
import type { OrganizationSession } from './organization-writer.ts';

/**
 * Applies a mutation that the server itself brings about, numbered and logged like any other.
 *
 * @param receivedAt when what it follows from was here, if that is what counts; now, where it is left out.
 */
export async function runServerMutation<Args>(
  session: OrganizationSession,
  ports: ServerPorts,
  definition: MutationDefinition<Args> & { readonly schema: z.ZodType<Args> },
  args: Args,
  actor: Actor,
  receivedAt?: string,
): Promise<number> {
  const at = receivedAt ?? computeIsoInstant(ports.clock.nowMs());
  const argsJson = computeCanonicalJson(args);
  return await session.apply({
    definition: definition as unknown as MutationDefinition,
    id: ports.randomness.uuid(),
    args,
    argsJson,
    argsHash: sha256Hex(argsJson),
    actor,
    device: null,
    claimedAt: at,
    receivedAt: at,
    baseSeq: session.head.seq,
  });
}
