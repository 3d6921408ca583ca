import fc from 'fast-check';
import { runMutation } from '../../../src/shared/mutations/run-mutation.ts';
import { getMutation } from '../../../src/shared/mutations/mutation-registry.ts';
import { SeatMutationStore } from '../../../src/main/workspace/seats/seat-mutation-store.ts';
import { computeCoveredSeconds } from '../../../src/shared/domain/worked-time.ts';
import {
  addOrganization,
  assignTestTask,
  openTestWorkspace,
  type TestWorkspace,
} from '../../support/workspace/test-workspace.ts';
import { TimerModel } from './timer-model.ts';

const second = 1000;
const minute = 60 * second;
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'Pacific/Apia',
];

/** Mostly around heartbeats and the limits that the timer knows, and now and then for days. */
const duration = fc.oneof(
  fc.integer({ min: 1, max: 200 }).map((count) => count * second),
  fc.integer({ min: 0, max: 40_000 }),
  fc.integer({ min: 1, max: 4000 }).map((count) => count * minute),
);

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('start' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      ms: fc.integer({ min: 0, max: 400_000 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('stop' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('kill' as const), ms: duration }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('sleep' as const),
      ms: duration,
      monotonicRuns: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      ms: fc.integer({ min: -10_000, max: 10_000 }).map((seconds) => seconds * second),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('zone' as const), zone: fc.constantFrom(...zones) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('gap' as const),
      decision: fc.constantFrom(
        'keep_all' as const,
        'keep_until_last_seen' as const,
        'discard' as const,
        'split' as const,
      ),
      cuts: fc.array(fc.nat(1000), { minLength: 2, maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('question' as const), isCounted: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      minutes: fc.integer({ min: 1, max: 600 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      at: fc.nat(50),
      minutes: fc.integer({ min: 1, max: 600 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('split' as const),
      at: fc.nat(50),
      cuts: fc.array(fc.nat(1000), { minLength: 2, maxLength: 6 }),
      isTakenBack: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      at: fc.nat(50),
      isTakenBack: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      at: fc.nat(50),
      isTakenBack: fc.boolean(),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface Device {
  readonly test: TestWorkspace;
  readonly model: TimerModel;
  readonly seatId: string;
  readonly taskId: string;
  setZone(zone: string): void;
}

interface Stretch {
  readonly timeEntryId: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

const lengthOf = ({ startedAt, endedAt }: { startedAt: string; endedAt: string }): number =>
  Date.parse(endedAt) - Date.parse(startedAt);
const sumOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, stretch) => sum + lengthOf(stretch), 0);

async function listEntries({ test, seatId, taskId }: Device): Promise<Stretch[]> {
  const { timeEntries } = await test.ask('task.get', { seatId, taskId });
  return timeEntries;
}

/** Parts between cuts, given in thousandths of a stretch; only those that have a length. */
function cutParts(stretch: { startedAt: string; endedAt: string }, cuts: readonly number[]) {
  const startMs = Date.parse(stretch.startedAt);
  const lengthMs = lengthOf(stretch);
  const moments = [...new Set(cuts)].sort((left, right) => left - right);
  const parts: { startedAt: string; endedAt: string }[] = [];
  for (let index = 0; index + 1 < moments.length; index += 2) {
    const from = startMs + Math.floor((lengthMs * (moments[index] ?? 0)) / 1000);
    const until = startMs + Math.floor((lengthMs * (moments[index + 1] ?? 0)) / 1000);
    if (until > from)
      parts.push({
        startedAt: new Date(from).toISOString(),
        endedAt: new Date(until).toISOString(),
      });
  }
  return parts;
}

/** Does the step in the app and in the model; the model hears nothing but lengths. */
async function take(device: Device, step: Step): Promise<void> {
  const { test, model, seatId, taskId } = device;
  const { machine } = test;
  switch (step.kind) {
    case 'start':
      await test.ask('timer.start', { seatId, taskId });
      return model.start();
    case 'run':
      await test.run(step.ms);
      return model.run(step.ms);
    case 'stop':
      await test.ask('timer.stop', {});
      return model.stop();
    case 'kill':
      await test.kill(step.ms);
      return model.kill(step.ms);
    case 'sleep':
      machine.sleep(step.ms, step);
      await test.run(0);
      return model.sleep(step.ms, step.monotonicRuns);
    case 'clock':
      machine.setWallClock(new Date(Date.parse(machine.now) + step.ms).toISOString());
      return model.setClock(step.ms);
    case 'zone':
      return device.setZone(step.zone);
    case 'gap': {
      const gap = (await test.ask('timer.get', {}))?.gap ?? null;
      if (gap === null) return;
      const parts = cutParts({ startedAt: gap.lastSeenAt, endedAt: gap.resumedAt }, step.cuts);
      if (step.decision !== 'split') {
        await test.ask('timer.resolveGap', { decision: step.decision });
        return model.answerGap(step.decision);
      }
      // A part that touches what runs on is not recorded yet; here none does.
      const inside = parts.filter(({ endedAt }) => endedAt < gap.resumedAt);
      await test.ask('timer.resolveGap', { decision: 'split', stretches: inside });
      return model.answerGap({ countedMs: inside.reduce((sum, part) => sum + lengthOf(part), 0) });
    }
    case 'question': {
      const [question] = await test.ask('timer.questions', {});
      if (question === undefined) return;
      const { questionId } = question;
      await test.ask('timer.answer', {
        seatId,
        questionId,
        counted: step.isCounted ? 'all' : 'none',
      });
      model.questions.splice(model.questions.indexOf(lengthOf(question)), 1);
      if (step.isCounted) model.recordedMs += lengthOf(question);
      return;
    }
    case 'add': {
      const endedAt = machine.now;
      const lengthMs = step.minutes * minute;
      const startedAt = new Date(Date.parse(endedAt) - lengthMs).toISOString();
      await test.ask('hours.add', { seatId, taskId, startedAt, endedAt });
      model.recordedMs += lengthMs;
      return;
    }
    default:
      return change(device, step);
  }
}

type Change = Extract<Step, { kind: 'edit' | 'split' | 'merge' | 'delete' }>;

/** What is done by hand to an entry that is there. */
async function change(device: Device, step: Change): Promise<void> {
  const { test, model, seatId } = device;
  const entries = await listEntries(device);
  const entry = entries[step.at % Math.max(1, entries.length)];
  if (entry === undefined) return;
  const { timeEntryId } = entry;
  switch (step.kind) {
    case 'edit': {
      const endMs = Date.parse(entry.startedAt) + step.minutes * minute;
      const patch = { endedAt: new Date(endMs).toISOString() };
      await test.ask('hours.edit', { seatId, timeEntryId, patch });
      model.recordedMs += step.minutes * minute - lengthOf(entry);
      return;
    }
    case 'split': {
      const parts = cutParts(entry, step.cuts);
      if (parts.length === 0) return;
      const { undo } = await test.ask('hours.split', { seatId, timeEntryId, parts });
      if (step.isTakenBack) await test.ask('hours.rearrange', { seatId, undo });
      else
        model.recordedMs += parts.reduce((sum, part) => sum + lengthOf(part), 0) - lengthOf(entry);
      return;
    }
    case 'merge': {
      const other = entries.find((candidate) => candidate !== entry);
      if (other === undefined) return;
      const timeEntryIds = [timeEntryId, other.timeEntryId];
      const { undo } = await test.ask('hours.merge', { seatId, timeEntryIds, coversGaps: true });
      if (step.isTakenBack) await test.ask('hours.rearrange', { seatId, undo });
      else {
        const startMs = Math.min(Date.parse(entry.startedAt), Date.parse(other.startedAt));
        const endMs = Math.max(Date.parse(entry.endedAt), Date.parse(other.endedAt));
        model.recordedMs += endMs - startMs - lengthOf(entry) - lengthOf(other);
      }
      return;
    }
    case 'delete':
      await test.ask('hours.delete', { seatId, timeEntryId, deleted: true });
      if (step.isTakenBack) await test.ask('hours.delete', { seatId, timeEntryId, deleted: false });
      else model.recordedMs -= lengthOf(entry);
      return;
    default:
      throw new Error(`unknown step ${(step satisfies never as Step).kind}`);
  }
}

function expectEqual(found: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(
      `${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`,
    );
}

async function compare(device: Device): Promise<void> {
  const { test, model } = device;
  const timer = await test.ask('timer.get', {});
  model.look();
  expectEqual(sumOf(await listEntries(device)), model.recordedMs, 'the sum of the entries, in ms');
  const { running } = model;
  const elapsedMs = running === undefined ? null : running.beforeMs + running.afterMs;
  expectEqual(
    timer?.elapsedSeconds ?? null,
    elapsedMs === null ? null : Math.floor(elapsedMs / 1000),
    'the seconds that run',
  );
  const gap = timer?.gap ?? null;
  expectEqual(
    gap === null ? null : lengthOf({ startedAt: gap.lastSeenAt, endedAt: gap.resumedAt }),
    running?.gapMs ?? null,
    'the gap that is asked about, in ms',
  );
  const questions = await test.ask('timer.questions', {});
  expectEqual(
    questions.map(lengthOf).sort((left, right) => left - right),
    [...model.questions].sort((left, right) => left - right),
    'the gaps that stand as questions, in ms',
  );
}

async function openDevice(copyOf?: Device): Promise<Device> {
  let zone = 'Europe/Berlin';
  const test = await openTestWorkspace({
    now: '2026-03-28T09:00:00.000Z',
    zone: () => zone,
    ...(copyOf === undefined ? {} : { copyOf: copyOf.test.workspace.folder }),
  });
  const setZone = (next: string) => {
    zone = next;
  };
  if (copyOf !== undefined)
    return { test, model: new TimerModel(), seatId: copyOf.seatId, taskId: copyOf.taskId, setZone };
  const organization = await addOrganization(test);
  const taskId = await assignTestTask(test, organization);
  return {
    test,
    model: new TimerModel(),
    seatId: organization.intern.record.seatId,
    taskId,
    setZone,
  };
}

/** Applies what a device has queued where both devices' changes meet, in the device's order. */
async function applyOutbox(
  target: Device,
  source: Device,
  from: number,
  to: number,
): Promise<void> {
  const seat = target.test.workspace.seats.find(target.seatId);
  const sourceSeat = source.test.workspace.seats.find(source.seatId);
  if (seat === undefined || sourceSeat === undefined) throw new Error('the seat is not open');
  const rows = await sourceSeat.db
    .selectFrom('outbox')
    .selectAll()
    .where('name', 'like', 'time.%')
    .orderBy('deviceSeq')
    .execute();
  for (const row of rows.slice(from, to)) {
    const definition = getMutation(row.name, row.version);
    await seat.db.transaction().execute(async (tx) => {
      const store = new SeatMutationStore(tx, seat.record.orgId);
      await runMutation(
        definition as never,
        store,
        JSON.parse(row.argsJson),
        seat.computeContext(row),
      );
    });
  }
}

async function countOutbox(device: Device): Promise<number> {
  const rows = await device.test.workspace.seats
    .find(device.seatId)
    ?.db.selectFrom('outbox')
    .select('id')
    .where('name', 'like', 'time.%')
    .execute();
  return rows?.length ?? 0;
}

const steps = fc.array(step, { minLength: 1, maxLength: 24 });

/** One computer: after every step the app says what the model says. */
export async function proveOneDevice(runs: number, seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const device = await openDevice();
      try {
        for (const next of taken) {
          await take(device, next);
          await compare(device);
        }
      } finally {
        await device.test.close();
      }
    }),
    { numRuns: runs, seed },
  );
}

/** Two computers of one person, neither hearing of the other; then both send, in whatever order. */
export async function proveTwoDevices(runs: number, seed: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, steps, fc.nat(1000), async (here, there, cut) => {
      const first = await openDevice();
      const devices = [first, await openDevice(first)] as const;
      const both = await openDevice(first);
      try {
        for (const [index, taken] of [here, there].entries())
          for (const next of taken) {
            const device = devices[index];
            if (device === undefined) continue;
            await take(device, next);
            await compare(device);
          }
        const [one, other] = devices;
        const half = Math.floor(((await countOutbox(one)) * cut) / 1000);
        await applyOutbox(both, one, 0, half);
        await applyOutbox(both, other, 0, await countOutbox(other));
        await applyOutbox(both, one, half, await countOutbox(one));
        const entries = await listEntries(both);
        const expectedMs = one.model.recordedMs + other.model.recordedMs;
        expectEqual(sumOf(entries), expectedMs, 'the sum of both computers, in ms');
        const covered = computeCoveredSeconds(entries);
        if (covered > Math.round(expectedMs / 1000))
          throw new Error('the union of the entries is longer than their sum');
      } finally {
        for (const { test } of [...devices, both]) await test.close();
      }
    }),
    { numRuns: runs, seed },
  );
}
