import { StintError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/mutations/mutation.ts';
import { getMutation } from '../../shared/mutations/mutation-registry.ts';
import { holdInQuarantine } from '../../shared/mutations/quarantine-hold.ts';
import { workMutations } from '../../shared/mutations/work-mutations.ts';
import type { PushResult, WireMutation } from '../../shared/protocol/push.ts';
import { parseInput } from '../../shared/validation.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import type { OrganizationSession } from './organization-writer.ts';
import { runServerMutation } from './run-server-mutation.ts';

/** What a person may have worked on without knowing that their access had ended (SY-10). */
const heldMutations: ReadonlySet<string> = new Set(workMutations);

/**
 * What one person may have waiting at once. Weeks of honest work without a connection are far below; without an
 * end to it, somebody who was let go could fill the server and every employer's computer.
 */
const maximumHeldChanges = 2000;
const maximumHeldCharacters = 16 * 1024 * 1024;

/** What is left of it; found out once in a push. */
export interface QuarantineRoom {
  /** @throws StintError `forbidden` where there is no room for so many characters more. */
  take(characters: number): Promise<void>;
}

export function createQuarantineRoom(
  session: OrganizationSession,
  membershipId: string,
): QuarantineRoom {
  let held: { count: number; characters: number } | undefined;
  return {
    async take(characters) {
      held ??= await loadHeld(session, membershipId);
      const { count } = held;
      if (count >= maximumHeldChanges || held.characters + characters > maximumHeldCharacters)
        throw new StintError(
          'forbidden',
          `your access to this organization has ended, and ${count} changes of yours wait for its decision already, which is as much as it keeps; this one was not taken`,
        );
      held = { count: count + 1, characters: held.characters + characters };
    },
  };
}

async function loadHeld(
  { trx, orgId }: OrganizationSession,
  membershipId: string,
): Promise<{ count: number; characters: number }> {
  const found = await trx
    .selectFrom('quarantinedChanges')
    .select(({ fn }) => [
      fn.countAll().as('count'),
      fn.sum(fn<number>('length', ['mutationJson'])).as('characters'),
    ])
    .where('orgId', '=', orgId)
    .where('membershipId', '=', membershipId)
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow();
  // PostgreSQL answers sums as texts, and both answer none as null.
  return { count: Number(found.count), characters: Number(found.characters ?? 0) };
}

/**
 * Handles a mutation of a person whose access has ended (SY-10): their work is held for the employer to
 * decide on, under a number of its own; for anything else they have no right any more.
 * @throws StintError to refuse it.
 */
export async function quarantineMutation(
  session: OrganizationSession,
  ports: ServerPorts,
  mutation: WireMutation,
  person: {
    readonly actor: Actor;
    readonly deviceId: string;
    readonly room: QuarantineRoom;
    /** When the push was here: once it is accepted, the work is judged by that. */
    readonly receivedAt: string;
  },
): Promise<PushResult> {
  const definition = getMutation(mutation.name, mutation.version);
  const mayBeHeld =
    heldMutations.has(mutation.name) &&
    definition.by !== 'server' &&
    definition.by.includes(person.actor.role);
  if (!mayBeHeld) throw new StintError('forbidden', 'your access to this organization has ended');
  // What is malformed would never be applied, whatever the employer decides.
  parseInput(definition.schema, mutation.args, definition.label);
  await person.room.take(JSON.stringify(mutation).length);
  const seq = await runServerMutation(
    session,
    ports,
    holdInQuarantine,
    { mutation, deviceId: person.deviceId },
    person.actor,
    person.receivedAt,
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
