import { Temporal } from 'temporal-polyfill';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { loadClockDifference } from '../../../../src/main/workspace/sync/clock-difference.ts';
import type { RunningServer } from '../../../../src/server/start-server.ts';
import { verdictInputsSchema } from '../../../../src/shared/domain/verdict.ts';
import {
  heldAnchorSchema,
  timeAnchorStatementSchema,
} from '../../../../src/shared/domain/time-anchor.ts';
import { type FaultProxy, startFaultProxy } from '../../../support/sync/fault-proxy.ts';
import { MovableClock } from '../../../support/sync/movable-clock.ts';
import {
  makeTemporaryFolder,
  openTestInstallation,
  settle,
  type TestInstallation,
} from '../../../support/sync/test-installation.ts';
import {
  type AssignedTask,
  assignTask,
  type Pair,
  setUpPair,
  startTestServer,
  submit,
} from '../../../support/sync/test-organization.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const yearMs = 365 * 24 * hourMs;

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let server: RunningServer;
let proxy: FaultProxy;
let desk: TestInstallation;
let laptop: TestInstallation;
let serverClock: MovableClock;
let laptopClock: MovableClock;
let pair: Pair;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  serverClock = new MovableClock();
  laptopClock = new MovableClock();
  server = await startTestServer(`${temporary.path}/server`, 0, { ports: { clock: serverClock } });
  proxy = await startFaultProxy(server.url);
  desk = await openTestInstallation(`${temporary.path}/desk`);
  laptop = await openTestInstallation(`${temporary.path}/laptop`, laptopClock);
  pair = await setUpPair(desk, laptop, server.url, proxy.url);
});

afterEach(async () => {
  for (const installation of [desk, laptop]) await installation.close();
  await proxy.close();
  await server.close();
  await temporary.remove();
});

/** Time passes for everyone. */
function pass(ms: number): void {
  serverClock.pass(ms);
  laptopClock.pass(ms);
}

/** A task that is due in about half an hour by the server's clock; the laptop knows it and then goes offline. */
async function assignDueSoon(): Promise<AssignedTask> {
  const wall = Temporal.Instant.fromEpochMilliseconds(serverClock.nowMs() + 30 * minuteMs)
    .toZonedDateTimeISO('Europe/Berlin')
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });
  const task = await assignTask(pair.employer, pair.employment.engagementId, { wall });
  await settle(desk);
  await settle(laptop);
  proxy.isDown = true;
  return task;
}

/** The connection is back, and everything arrives. */
async function comeBack(): Promise<void> {
  proxy.isDown = false;
  await settle(laptop);
  await settle(desk);
}

async function loadSubmission(seat: Seat, submissionId: string) {
  const row = await seat.db
    .selectFrom('submissions')
    .selectAll()
    .where('id', '=', submissionId)
    .executeTakeFirstOrThrow();
  const { verdict, decidedVerdict, decisionReason, verdictInputsJson } = row;
  const inputs = verdictInputsSchema.parse(JSON.parse(verdictInputsJson ?? 'null'));
  return { verdict, decidedVerdict, decisionReason, inputs };
}

const listOutbox = (seat: Seat) =>
  seat.db.selectFrom('outbox').selectAll().orderBy('deviceSeq').execute();

describe('an anchor', () => {
  test('SY-17 goes with a submission: the newest, how long it was held, and since when by this clock', async () => {
    const task = await assignDueSoon();
    const { headSeq } = await pair.intern.db
      .selectFrom('seatState')
      .select('headSeq')
      .executeTakeFirstOrThrow();
    pass(20 * minuteMs);
    await submit(pair.intern, task);
    const [row] = (await listOutbox(pair.intern)).slice(-1);
    const held = heldAnchorSchema.parse(JSON.parse(row?.anchorJson ?? 'null'));
    const statement = timeAnchorStatementSchema.parse(JSON.parse(held.statementJson));
    expect(statement).toMatchObject({ orgId: pair.intern.record.orgId, seq: headSeq });
    expect(held.elapsedMs).toBeGreaterThanOrEqual(20 * minuteMs);
    expect(held.elapsedMs).toBeLessThan(25 * minuteMs);
    const differenceMs = Date.parse(held.heldSince ?? '') - Date.parse(statement.at);
    expect(Math.abs(differenceMs)).toBeLessThan(minuteMs);
  });

  test('SY-17 is held across a new start of the computer, without a claim about the time since', async () => {
    const task = await assignDueSoon();
    laptopClock.restart();
    await submit(pair.intern, task);
    const [row] = (await listOutbox(pair.intern)).slice(-1);
    const held = heldAnchorSchema.parse(JSON.parse(row?.anchorJson ?? 'null'));
    expect(held.elapsedMs).toBeNull();
    expect(held.heldSince).not.toBeNull();
  });

  test('SY-17 goes with nothing but submissions', async () => {
    expect((await listOutbox(pair.employer)).length).toBeGreaterThan(0);
    for (const row of await listOutbox(pair.employer)) expect(row.anchorJson).toBeNull();
  });
});

describe('work handed in offline before the deadline, that arrives within the grace time', () => {
  test.each([
    ['right', 0],
    ['three hours ahead', 3 * hourMs],
    ['three hours behind', -3 * hourMs],
    ['sixteen years behind', -16 * yearMs],
  ])('SY-18 is on time with a clock that is %s', async (_case, wrongByMs) => {
    laptopClock.set(wrongByMs);
    const task = await assignDueSoon();
    pass(10 * minuteMs);
    const submissionId = await submit(pair.intern, task);
    pass(hourMs);
    await comeBack();
    const { verdict, inputs } = await loadSubmission(pair.employer, submissionId);
    expect(verdict).toBe('on_time_by_device_clock');
    expect(Math.abs((inputs.differenceMs ?? Number.NaN) - wrongByMs)).toBeLessThan(minuteMs);
    expect(inputs.anchorSeq).toBeGreaterThan(0);
  });

  test('SY-18 is on time when the laptop slept meanwhile, and when it was started again', async () => {
    const task = await assignDueSoon();
    serverClock.pass(15 * minuteMs);
    laptopClock.sleep(15 * minuteMs);
    const asleep = await submit(pair.intern, task, { note: 'after sleep' });
    laptopClock.restart();
    const restarted = await submit(pair.intern, task, { note: 'after a start' });
    pass(hourMs);
    await comeBack();
    for (const id of [asleep, restarted])
      expect((await loadSubmission(pair.intern, id)).verdict).toBe('on_time_by_device_clock');
  });
});

test('SY-18 a clock turned back after the deadline is found out, and what the employer decides reaches the intern', async () => {
  const task = await assignDueSoon();
  pass(45 * minuteMs);
  laptopClock.set(-30 * minuteMs);
  const submissionId = await submit(pair.intern, task);
  laptopClock.set(30 * minuteMs);
  pass(10 * minuteMs);
  await comeBack();
  expect(await loadSubmission(pair.employer, submissionId)).toMatchObject({
    verdict: 'clock_inconsistent',
    decidedVerdict: null,
    inputs: { rule: 'claimed_before_anchor' },
  });
  await pair.employer.mutate(
    'submission.decideLateness',
    { submissionId, verdict: 'late', reason: 'You told me so yourself.' },
    { subject: 'Survey prices' },
  );
  expect((await loadSubmission(pair.employer, submissionId)).decidedVerdict).toBe('late');
  await settle(desk);
  await settle(laptop);
  expect(await loadSubmission(pair.intern, submissionId)).toMatchObject({
    verdict: 'clock_inconsistent',
    decidedVerdict: 'late',
    decisionReason: 'You told me so yourself.',
  });
});

describe('the difference between the two clocks', () => {
  const load = () => loadClockDifference(pair.intern, laptopClock);
  const expectAbout = async (wantedMs: number) =>
    expect(Math.abs(((await load()) ?? Number.NaN) - wantedMs)).toBeLessThan(minuteMs);

  test('SY-17 is measured whenever this computer is in step with the server', async () => {
    await expectAbout(0);
    laptopClock.set(3 * hourMs);
    await settle(laptop);
    await expectAbout(3 * hourMs);
  });

  test('SY-17 is gone as soon as a clock that was ahead is set right, without any connection', async () => {
    laptopClock.set(3 * hourMs);
    await settle(laptop);
    proxy.isDown = true;
    laptopClock.set(-3 * hourMs);
    await expectAbout(0);
  });

  test('SY-17 is not what sleep or a new start look like', async () => {
    // Not in the middle of a round.
    await laptop.sync.stop();
    serverClock.pass(48 * hourMs);
    laptopClock.sleep(48 * hourMs);
    await expectAbout(0);
    laptopClock.restart();
    await expectAbout(0);
  });
});
