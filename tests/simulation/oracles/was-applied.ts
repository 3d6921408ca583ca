import { sha256Hex } from '../../../src/main/workspace/ports/system-ports.ts';
import { computeDerivedId } from '../../../src/shared/domain/derived-id.ts';
import type { Intent } from '../intent-ledger.ts';
import type { Simulation } from '../simulation.ts';

/** Whether the server took everything that the app had queued for it. */
export function wasApplied(simulation: Simulation, intent: Intent): boolean {
  const find = simulation.world.server.connection.prepare(
    `select 1 from mutationResults where mutationId = ? and status = 'applied'`,
  );
  return (
    intent.mutationIds.length > 0 && intent.mutationIds.every((id) => find.get(id) !== undefined)
  );
}

/** The state of the request that it was, or became since the time was approved by then; undefined where it was none. */
export function findRequestState(simulation: Simulation, intent: Intent): string | undefined {
  const find = simulation.world.server.connection
    .prepare('select state from timeChangeRequests where id = ?')
    .pluck();
  const ids = [
    ...(intent.requestId === null ? [] : [intent.requestId]),
    ...intent.mutationIds.map((id) => computeDerivedId(id, 'time-change-request', sha256Hex)),
  ];
  for (const id of ids) {
    const state = find.get(id) as string | undefined;
    if (state !== undefined) return state;
  }
  return undefined;
}

/** Whether what was meant with recorded time has to show: applied, and accepted where it was a request. */
export function wasDone(simulation: Simulation, intent: Intent): boolean {
  return (
    wasApplied(simulation, intent) &&
    (findRequestState(simulation, intent) ?? 'accepted') === 'accepted'
  );
}

/** Whether a change of time became a request, since the time was approved by then. */
export function isRequested(simulation: Simulation, mutationId: string): boolean {
  const id = computeDerivedId(mutationId, 'time-change-request', sha256Hex);
  const find = simulation.world.server.connection.prepare(
    'select 1 from timeChangeRequests where id = ?',
  );
  return find.get(id) !== undefined;
}
