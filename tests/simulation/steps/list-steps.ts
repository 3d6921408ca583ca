import { readFileSync } from 'node:fs';
import type { Action, Scene } from './scene.ts';

/** What was refused: taken off the list, or sent again; and unsent work that is carried as a file. */
export const listActions = {
  'anyone.dismiss': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const mutationId = random.pick(await listRefused(scene));
    if (mutationId === undefined || !device.isRunning) return;
    await simulation.act(device, step, 'sync.dismiss', () =>
      device.attempt('sync.dismiss', { seatId, mutationId }),
    );
  },
  'anyone.sendAgain': async (scene) => {
    const { simulation, step, random, device, seatId } = scene;
    const refused = await listRefused(scene);
    const mutationId = random.pick(refused);
    if (mutationId === undefined || !device.isRunning) return;
    // What is held behind it goes along.
    for (const id of refused) simulation.ledger.sentAgain.add(id);
    await simulation.act(device, step, 'sync.sendAgain', () =>
      device.attempt('sync.sendAgain', { seatId, mutationId }),
    );
  },
  'intern.carry': async ({ simulation, random, device, seatId }) => {
    const { world, ledger } = simulation;
    const other = random.pick(
      world.devices.filter(
        ({ name, options, isRunning, isAsleep }) =>
          name !== device.name &&
          options.person === device.options.person &&
          isRunning &&
          !isAsleep,
      ),
    );
    if (other === undefined) return;
    const written = device.attempt('pack.export', { seatId });
    await world.drain();
    if (written.value === undefined || !device.isRunning || !other.isRunning) return;
    const staged = other.attemptImport('work.stintpack', readFileSync(written.value.path));
    await world.drain();
    const stagedId = staged.value?.stagedId;
    if (stagedId === undefined || !other.isRunning) return;
    const carried = other.attempt('pack.import', { stagedId });
    await world.drain();
    world.trace(
      `${device.name} carries ${written.value.changes} changes to ${other.name}: ${carried.state}, ${carried.value?.imported} new`,
    );
    if (carried.state === 'broken')
      simulation.violate(
        `carrying work failed with something else than a reason: ${carried.error}`,
      );
    if (!other.isRunning) return;
    const arrived = new Set(ledger.listNewMutations(other));
    for (const { id, mutationIds } of ledger.intents)
      if (mutationIds.some((mutationId) => arrived.has(mutationId))) other.held.add(id);
  },
} satisfies Record<string, Action>;

async function listRefused({ simulation, device, seatId }: Scene): Promise<string[]> {
  const waiting = device.attempt('sync.waiting', {});
  await simulation.world.drain();
  return (waiting.value?.changes ?? [])
    .filter(
      (change) => change.seatId === seatId && ['refused', 'held', 'kept'].includes(change.state),
    )
    .map(({ mutationId }) => mutationId);
}
