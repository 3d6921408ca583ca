import { freeDisks } from './steps/disks.ts';
import type { Simulation } from './simulation.ts';
import { password, serverUrl } from './world/people.ts';
import type { SimulatedDevice } from './world/simulated-device.ts';

/** In virtual time, after the last fault has ended. */
const restWithinMs = 45 * 60_000;
const lookEveryMs = 15_000;
const maximumEvents = 60_000;

/**
 * All faults stop, everybody is online; the world goes on until everyone is in step.
 *
 * @returns what is not, in words, where the bound of virtual time was not enough.
 */
export async function comeToRest(simulation: Simulation): Promise<string[]> {
  const { world } = simulation;
  world.trace('faults stop');
  world.server.crashAfter(0);
  world.server.poison = undefined;
  freeDisks(simulation);
  await simulation.openServer();
  const old = [...simulation.oldClients];
  simulation.oldClients.clear();
  for (const device of world.devices) {
    world.getLink(device).mend();
    device.crashAfter(0);
    device.wake();
    // Whoever had an old program has a new one now.
    if (old.includes(device.name)) device.crash();
    await simulation.openDevice(device);
  }
  await world.drain();
  const beganMs = world.time.nowMs;
  const beganEvents = world.time.eventCount;
  let open: string[] = [];
  while (
    world.time.nowMs - beganMs < restWithinMs &&
    world.time.eventCount - beganEvents < maximumEvents
  ) {
    await world.advance(lookEveryMs);
    // A full disk's limit belongs to a connection, and one may have been opened since.
    for (const device of world.devices) await signInAgain(simulation, device);
    open = listOpenEnds(simulation);
    if (open.length === 0) {
      world.trace('everybody is in step');
      return [];
    }
  }
  return open.map((end) => `rest: after ${restWithinMs / 60_000} minutes without a fault, ${end}`);
}

/** Who was signed out by the server sees it on the screen, and types the password. */
async function signInAgain(simulation: Simulation, device: SimulatedDevice): Promise<void> {
  if (!device.isRunning) return;
  const status = device.attempt('sync.status', {});
  await simulation.world.drain();
  const isOut = status.value?.seats.some(({ sync }) => sync.state === 'signed_out') ?? false;
  if (!isOut) return;
  const { email } = device.options;
  device.attempt('session.signIn', { serverUrl, email, password });
  simulation.world.trace(`${device.name} signs in again`);
  await simulation.world.drain();
}

interface WaitingRow {
  readonly state: string;
  readonly name: string;
  readonly acknowledgedSeq: number | null;
  readonly code: string | null;
  readonly replayProblem: string | null;
}

function listOpenEnds(simulation: Simulation): string[] {
  const { world } = simulation;
  const open: string[] = [];
  if (!world.server.isUp) return ['the server is down'];
  const heads = new Map(
    (
      world.server.connection.prepare('select orgId, seq, hash from organizationHeads').all() as {
        orgId: string;
        seq: number;
        hash: string;
      }[]
    ).map(({ orgId, seq, hash }) => [orgId, `${seq} ${hash}`]),
  );
  for (const device of world.devices) {
    const database = simulation.findSeatDatabase(device);
    if (database === undefined) {
      open.push(`${device.name} does not run`);
      continue;
    }
    const waiting = database
      .prepare(
        `select outboxStates.state, name, acknowledgedSeq, code, replayProblem from outboxStates
         join outbox on id = mutationId where state in ('pending', 'applied')`,
      )
      .all() as WaitingRow[];
    for (const row of waiting)
      open.push(
        `${device.name} has ${row.name} ${row.state} (acknowledged ${row.acknowledgedSeq}, answered ${row.code}, ${row.replayProblem})`,
      );
    const state = database.prepare('select * from seatState').get() as {
      headSeq: number;
      headHash: string;
      accessLostAt: string | null;
    };
    if (state.accessLostAt !== null) continue;
    const uploads = database
      .prepare('select count(*) from uploads where finishedAt is null')
      .pluck()
      .get() as number;
    if (uploads > 0) open.push(`${device.name} has ${uploads} uploads waiting`);
    const head = `${state.headSeq} ${state.headHash}`;
    const expected = heads.get(simulation.getSeat(device).orgId) ?? '0 ';
    if (head !== expected)
      open.push(
        `${device.name} stands at ${state.headSeq}, the server at ${expected.split(' ')[0]}`,
      );
  }
  return open;
}
