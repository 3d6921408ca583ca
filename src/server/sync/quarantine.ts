import { StintError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/mutations/mutation.ts';
import { getMutation } from '../../shared/mutations/mutation-registry.ts';
import { holdInQuarantine } from '../../shared/mutations/quarantine-hold.ts';
import type { PushResult, WireMutation } from '../../shared/protocol/push.ts';
import { parseInput } from '../../shared/validation.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import type { OrganizationSession } from './organization-writer.ts';
import { runServerMutation } from './run-server-mutation.ts';

/** What a person may have worked on without knowing that their access had ended (SY-10). */
const heldMutations: ReadonlySet<string> = new Set([
  'submission.create',
  'time.add',
  'time.edit',
  'time.delete',
]);

/**
 * Handles a mutation of a person whose access has ended (SY-10): their work is held for the employer to
 * decide on, under a number of its own; for anything else they have no right any more.
 * @throws StintError to refuse it.
 */
export async function quarantineMutation(
  session: OrganizationSession,
  ports: ServerPorts,
  mutation: WireMutation,
  person: { readonly actor: Actor; readonly deviceId: string },
): Promise<PushResult> {
  const definition = getMutation(mutation.name, mutation.version);
  const mayBeHeld =
    heldMutations.has(mutation.name) &&
    definition.by !== 'server' &&
    definition.by.includes(person.actor.role);
  if (!mayBeHeld) throw new StintError('forbidden', 'your access to this organization has ended');
  // What is malformed would never be applied, whatever the employer decides.
  parseInput(definition.schema, mutation.args, definition.label);
  const seq = await runServerMutation(
    session,
    ports,
    holdInQuarantine,
    { mutation, deviceId: person.deviceId },
    person.actor,
  );
  return {
    id: mutation.id,
    status: 'quarantined',
    repeated: false,
    seq,
    code: null,
    message: null,
    field: null,
  };
}
