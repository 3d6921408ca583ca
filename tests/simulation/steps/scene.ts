import type { SeededRandom } from '../core/seeded-random.ts';
import type { Intent } from '../intent-ledger.ts';
import type { Simulation } from '../simulation.ts';
import { computeCanary } from '../world/people.ts';
import type { SimulatedDevice } from '../world/simulated-device.ts';
import type { Step, StepKind } from './plan.ts';

/** A person at one of their computers, about to do something. */
export interface Scene {
  readonly simulation: Simulation;
  readonly step: Step;
  readonly random: SeededRandom;
  readonly device: SimulatedDevice;
  readonly seatId: string;
  readonly canary: string;
  rows<Row>(sql: string): Row[];
}

export type Action = (scene: Scene) => Promise<void>;

export const minuteMs = 60_000;
export const toInstant = (epochMs: number): string => new Date(epochMs).toISOString();

/** Somebody of the side that the kind of step names, at a computer that is on; undefined where nobody is. */
export function openScene(
  simulation: Simulation,
  step: Step,
  random: SeededRandom,
  kind: StepKind,
): Scene | undefined {
  const device = random.pick(
    simulation.world.devices.filter(
      (candidate) =>
        isOfSide(simulation.getSeat(candidate).role, kind) &&
        candidate.isRunning &&
        !candidate.isAsleep,
    ),
  );
  const database = device === undefined ? undefined : simulation.findSeatDatabase(device);
  if (device === undefined || database === undefined) return undefined;
  const { seatId, tenant } = simulation.getSeat(device);
  return {
    simulation,
    step,
    random,
    device,
    seatId,
    canary: computeCanary(tenant),
    rows: <Row>(sql: string) => database.prepare(sql).all() as Row[],
  };
}

function isOfSide(role: 'owner' | 'intern', kind: StepKind): boolean {
  return kind.startsWith('anyone') || kind.startsWith('employer') === (role === 'owner');
}

export function listTasks({ rows }: Scene): { id: string; briefVersionId: string }[] {
  return rows('select id, briefVersionId from tasks order by id');
}

export interface OwnTime {
  readonly id: string;
  readonly note: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly taskId: string;
  readonly engagementId: string;
  readonly timesheetId: string | null;
}

/** What was recorded by hand: how a timer's entries came about only the timer knows. */
export function listOwnTimes({ rows, simulation }: Scene, where = 'deletedAt is null'): OwnTime[] {
  return rows<OwnTime>(
    `select id, note, startedAt, endedAt, taskId, engagementId, timesheetId from timeEntries
      where ${where} order by id`,
  ).filter(({ note }) => simulation.ledger.times.has(note));
}

/** Between two hours ago and two days ahead, as somebody types it: to the minute, in a zone. */
export function createDeadline({ random, simulation }: Scene): { wall: string; zone: string } {
  const zone = random.pick(['Europe/Berlin', 'America/New_York', 'Asia/Kolkata']) ?? 'UTC';
  const { epochMs } = simulation.world.devices[0]?.options ?? { epochMs: 0 };
  const ms = epochMs + simulation.world.time.nowMs + random.between(-120, 2880) * minuteMs;
  return { wall: new Date(ms).toISOString().slice(0, 16), zone };
}

/** Writes down an entry that somebody recorded, under its note. */
export function noteTime(
  { simulation }: Scene,
  note: string,
  intent: Intent,
  stretch: { readonly startedAt: string; readonly endedAt: string },
): void {
  const { times } = simulation.ledger;
  const known = times.get(note);
  if (known === undefined)
    times.set(note, { adds: [intent], ...stretch, edits: [], deletes: [], restores: [] });
  else known.adds.push(intent);
}

/** Writes down words that are to stand once in a column. */
export function noteText(
  { simulation }: Scene,
  intent: Intent,
  place: `${string}.${string}`,
  text: string,
): void {
  const [table = '', column = ''] = place.split('.');
  simulation.ledger.texts.push({ intent, table, column, text });
}
