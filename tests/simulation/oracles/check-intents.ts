import { attentionStates } from '../../../src/main/workspace/database/seat-tables.ts';
import type { Intent } from '../intent-ledger.ts';
import type { Simulation } from '../simulation.ts';

const visibleStates: readonly string[] = [...attentionStates, 'dismissed', 'replaced'];

/**
 * Every intent that was promised ended applied, in quarantine, or visibly refused or kept, and was applied at
 * most once.
 */
export function checkIntents(simulation: Simulation): string[] {
  const server = simulation.world.server.connection;
  const findAnswer = server.prepare(
    'select status from mutationResults where orgId = ? and mutationId = ?',
  );
  const countLog = server
    .prepare('select count(*) from mutationLog where orgId = ? and mutationId = ?')
    .pluck();
  const found: string[] = [];
  for (const intent of simulation.ledger.intents) {
    for (const mutationId of intent.mutationIds) {
      const times = countLog.get(intent.orgId, mutationId) as number;
      if (times > 1) found.push(`${describe(intent)} was applied ${times} times`);
      if (!intent.isRequired) continue;
      const answer = findAnswer.get(intent.orgId, mutationId) as { status: string } | undefined;
      if (answer?.status === 'applied' && times === 1) continue;
      if (answer?.status === 'quarantined') continue;
      const states = listStates(simulation, intent, mutationId);
      if (states.some((state) => visibleStates.includes(state))) continue;
      // What was prepared is the person's own: where access ended, it stands in their vault, whatever a server lost.
      if (intent.kind.startsWith('draft.') && hasDraftInVault(simulation, intent)) continue;
      // Its only witness went back to an older state; the server has answered it.
      if (answer?.status === 'rejected' && states.length === 0) continue;
      found.push(
        `${describe(intent)} is neither applied nor shown as refused: the server says ${answer?.status ?? 'nothing'} (${times} in its log), devices say ${states.join(', ') || 'nothing'}`,
      );
    }
  }
  return found.map((line) => `intents: ${line}`);
}

function describe({ step, device, kind }: Intent): string {
  return `${kind} of step ${step} on ${device}`;
}

function hasDraftInVault(simulation: Simulation, intent: Intent): boolean {
  return simulation.world.devices.some((device) => {
    if (!device.held.has(intent.id)) return false;
    const seat = simulation.findSeatDatabase(device);
    const lostAt = seat?.prepare('select accessLostAt from seatState').pluck().get();
    if (seat === undefined || lostAt === null || lostAt === undefined) return false;
    return seat.prepare('select count(*) from vaultItems').pluck().get() !== 0;
  });
}

/** What the devices that hold the intent show of one of its mutations. */
function listStates(simulation: Simulation, intent: Intent, mutationId: string): string[] {
  return simulation.world.devices.flatMap((device) => {
    if (!device.held.has(intent.id)) return [];
    const state = simulation
      .findSeatDatabase(device)
      ?.prepare('select state from outboxStates where mutationId = ?')
      .pluck()
      .get(mutationId) as string | undefined;
    return state === undefined ? [] : [state];
  });
}
