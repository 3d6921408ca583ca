import type { SeededRandom } from '../core/seeded-random.ts';
import type { Simulation } from '../simulation.ts';
import { computeCanary, password } from '../world/people.ts';
import type { SimulatedDevice } from '../world/simulated-device.ts';
import type { Step } from './plan.ts';

interface Desk {
  readonly device: SimulatedDevice;
  readonly seatId: string;
  readonly canary: string;
  rows<Row>(sql: string): Row[];
}

function findDesk(simulation: Simulation, random: SeededRandom): Desk | undefined {
  const device = random.pick(
    simulation.world.devices.filter(
      (candidate) =>
        simulation.getSeat(candidate).role === 'owner' &&
        candidate.isRunning &&
        !candidate.isAsleep,
    ),
  );
  const database = device === undefined ? undefined : simulation.findSeatDatabase(device);
  if (device === undefined || database === undefined) return undefined;
  const { seatId, tenant } = simulation.getSeat(device);
  return {
    device,
    seatId,
    canary: computeCanary(tenant),
    rows: <Row>(sql: string) => database.prepare(sql).all() as Row[],
  };
}

function listInterns(desk: Desk, status: 'active' | 'removed'): { id: string; email: string }[] {
  return desk
    .rows<{ id: string; email: string; status: string }>(
      `select id, email, status from memberships where role = 'intern' order by id`,
    )
    .filter((row) => row.status === status);
}

/** An owner ends an intern's access. */
export async function removeMember(
  simulation: Simulation,
  step: Step,
  random: SeededRandom,
): Promise<void> {
  const desk = findDesk(simulation, random);
  const intern = desk === undefined ? undefined : random.pick(listInterns(desk, 'active'));
  if (desk === undefined || intern === undefined || simulation.hasRestoredServer) return;
  simulation.hasEndedAccess = true;
  const { device, seatId } = desk;
  await simulation.act(device, step, 'people.remove', () =>
    device.attempt('people.remove', { seatId, membershipId: intern.id, reason: null }),
  );
}

/** Somebody whose access was ended is invited again, and tries a few times to join again. */
export async function inviteBack(
  simulation: Simulation,
  step: Step,
  random: SeededRandom,
): Promise<void> {
  const desk = findDesk(simulation, random);
  const intern = desk === undefined ? undefined : random.pick(listInterns(desk, 'removed'));
  const project =
    desk === undefined
      ? undefined
      : random.pick(
          desk.rows<{ id: string }>('select id from projects where closedAt is null order by id'),
        );
  if (desk === undefined || intern === undefined || project === undefined) return;
  const { device, seatId, canary } = desk;
  const invitation = device.attempt('people.inviteIntern', {
    seatId,
    projectId: project.id,
    name: canary,
    email: null,
    validDays: 300,
  });
  await simulation.act(device, step, 'people.inviteIntern', () => invitation);
  const link = invitation.value?.link;
  if (link === undefined) return;
  for (const delayMs of [15_000, 60_000, 240_000])
    simulation.world.plan(delayMs, `join ${intern.email}`, async () => {
      const own = simulation.world.devices.find(
        (candidate) =>
          candidate.options.email === intern.email && candidate.isRunning && !candidate.isAsleep,
      );
      if (own === undefined) return;
      const account = { kind: 'existing', email: intern.email, password } as const;
      own.attempt('setup.acceptInvitation', { link, account });
      simulation.world.trace(`${own.name} joins again`);
    });
}

/** An owner decides on what came from somebody whose access had ended. */
export async function decideQuarantine(
  simulation: Simulation,
  step: Step,
  random: SeededRandom,
): Promise<void> {
  const desk = findDesk(simulation, random);
  const waiting = desk?.rows<{ id: string; state: string }>(
    'select id, state from quarantinedChanges order by id',
  );
  const change = random.pick(waiting?.filter(({ state }) => state === 'waiting') ?? []);
  if (desk === undefined || change === undefined) return;
  const { device, seatId } = desk;
  const quarantineId = change.id;
  const isAccepted = random.chance(0.6);
  await simulation.act(device, step, isAccepted ? 'quarantine.accept' : 'quarantine.decline', () =>
    isAccepted
      ? device.attempt('quarantine.accept', { seatId, quarantineId })
      : device.attempt('quarantine.decline', { seatId, quarantineId, reason: 'not needed' }),
  );
}
