import { join } from 'node:path';
import type { SeededRandom } from '../core/seeded-random.ts';
import type { LineTrouble } from '../network/link.ts';
import type { Simulation } from '../simulation.ts';
import type { SimulatedDevice } from '../world/simulated-device.ts';
import { restoreDevice, restoreServer } from './restores.ts';
import { fillDisk } from './disks.ts';
import { decideQuarantine, inviteBack, removeMember } from './membership-steps.ts';
import type { FaultStepKind, Step } from './plan.ts';

interface Scene {
  readonly simulation: Simulation;
  readonly step: Step;
  readonly random: SeededRandom;
  /** Any device that runs; what a fault strikes. */
  readonly device: SimulatedDevice;
}

const lineTroubles = [
  'down',
  'swallows_requests',
  'swallows_answers',
  'portal',
  'flaky',
  'slow',
  'doubles',
] as const satisfies LineTrouble[];

const yearMs = 365 * 24 * 3_600_000;

/** One thing that goes wrong, for a while or for good. */
export async function runFaultStep(
  simulation: Simulation,
  step: Step,
  kind: FaultStepKind,
): Promise<void> {
  const random = simulation.createRandom(step);
  const device = random.pick(simulation.world.devices.filter(({ isRunning }) => isRunning));
  if (device === undefined) return;
  simulation.world.trace(`step ${step.index} ${kind}`);
  await faults[kind]({ simulation, step, random, device });
  await simulation.world.drain();
}

const faults: Record<FaultStepKind, (scene: Scene) => Promise<void> | void> = {
  'fault.line': ({ simulation, random, device }) => {
    const trouble = random.pick(lineTroubles) ?? 'down';
    const durationMs = random.between(1000, 300_000);
    simulation.world.trace(`${device.name} ${trouble} for ${durationMs} ms`);
    simulation.world.getLink(device).trouble(trouble, durationMs);
    if (trouble === 'down') simulation.world.network.cut(device.name, 'ECONNRESET');
  },
  'fault.cut': ({ simulation, device }) => {
    simulation.world.network.cut(device.name, 'ECONNRESET');
  },
  'fault.pokes': ({ simulation, random, device }) => {
    simulation.world.getLink(device).trouble('loses_pokes', random.between(10_000, 600_000));
  },
  'fault.earlyPoke': ({ simulation, random, device }) => {
    const { orgId } = simulation.getSeat(device);
    const seq = random.below(1000);
    simulation.world.network.poke(
      device.name,
      `event: poke\ndata: ${JSON.stringify({ orgId, seq })}\n\n`,
    );
  },
  'fault.kill': ({ random, device }) => {
    if (random.chance(0.3)) device.crash();
    else device.crashAfter(random.between(1, 120));
  },
  'fault.sleep': ({ simulation, random, device }) => {
    if (device.isAsleep) return;
    const durationMs = random.between(1000, 900_000);
    if (random.chance(0.5)) simulation.world.network.cut(device.name, 'ECONNRESET');
    device.sleep();
    simulation.world.plan(durationMs, `wake ${device.name}`, async () => {
      if (!simulation.isNight) device.wake();
    });
  },
  'fault.clock': ({ simulation, random, device }) => {
    const isFar = random.chance(0.3);
    const offsetMs = isFar
      ? random.between(-20, 20) * yearMs
      : random.between(-90, 90) * 60_000 + random.between(0, 59_999);
    simulation.world.trace(`${device.name} clock ${offsetMs} ms off`);
    device.setWallOffset(offsetMs);
  },
  'fault.deviceDisk': ({ simulation, random, device }) => {
    const connections = simulation.world.hook.listConnections(device.folder);
    fillDisk(simulation, device.name, connections, random.between(5000, 300_000), random.below(6));
  },
  'fault.serverDisk': ({ simulation, random }) => {
    const { server, hook } = simulation.world;
    if (!server.isUp) return;
    const connections = hook
      .listConnections(server.folder)
      .filter(({ name }) => name.endsWith('server.db'));
    fillDisk(simulation, 'the server', connections, random.between(5000, 120_000), random.below(6));
  },
  'fault.poison': ({ simulation, step, random }) => {
    // What people write ends with the number of its step: one of the next is the server's undoing.
    const { server } = simulation.world;
    server.poison = ` ${step.index + random.between(1, 8)}"`;
    simulation.world.plan(random.between(60_000, 900_000), 'antidote', async () => {
      server.poison = undefined;
    });
  },
  'fault.session': ({ simulation, device }) => {
    const { server } = simulation.world;
    if (!server.isUp) return;
    const account = device.workspaceConnection
      ?.prepare('select deviceId from accounts limit 1')
      .get() as { deviceId: string } | undefined;
    if (account === undefined) return;
    server.connection
      .prepare('update sessions set revokedAt = createdAt where deviceId = ?')
      .run(account.deviceId);
    simulation.world.trace(`${device.name} was signed out by the server`);
  },
  'fault.serverKill': ({ simulation, random }) => {
    if (random.chance(0.3)) simulation.world.server.crash();
    else simulation.world.server.crashAfter(random.between(1, 150));
  },
  'fault.serverRestart': async ({ simulation, random }) => {
    const { world } = simulation;
    if (!world.server.isUp) return;
    await world.closeServer();
    world.trace('the server was stopped');
    world.plan(random.between(100, 30_000), 'server', () => simulation.openServer());
  },
  'fault.serverBackup': ({ simulation, step }) => {
    if (!simulation.world.server.isUp) return;
    const folder = join(simulation.world.folder, `server-backup-${step.index}`);
    simulation.world.server.backUp(folder);
    simulation.serverBackup = folder;
  },
  'fault.serverRestore': ({ simulation }) => restoreServer(simulation),
  'fault.deviceBackup': ({ simulation, step, device }) => {
    const folder = join(simulation.world.folder, `${device.name}-backup-${step.index}`);
    device.backUp(folder);
    simulation.deviceBackups.set(device.name, { folder, held: new Set(device.held) });
  },
  'fault.deviceRestore': ({ simulation, device }) => restoreDevice(simulation, device),
  'fault.clone': async ({ simulation, device }) => {
    if (simulation.clones >= 2) return;
    const folder = join(simulation.world.folder, `clone-${simulation.clones}`);
    device.backUp(folder);
    await simulation.clone(device, folder);
  },
  'fault.oldClient': ({ simulation, random, device }) => {
    // Version 1 names no head with what it pushes: against a server that was restored it has no defence.
    if (simulation.oldClients.has(device.name) || simulation.hasRestoredServer) return;
    simulation.hasHadOldClients = true;
    simulation.oldClients.add(device.name);
    simulation.world.plan(random.between(60_000, 1_200_000), `update ${device.name}`, async () => {
      simulation.oldClients.delete(device.name);
      // An update is a new start of the program.
      device.crash();
    });
  },
  'fault.remove': ({ simulation, step, random }) => removeMember(simulation, step, random),
  'fault.invite': ({ simulation, step, random }) => inviteBack(simulation, step, random),
  'fault.decide': ({ simulation, step, random }) => decideQuarantine(simulation, step, random),
};
