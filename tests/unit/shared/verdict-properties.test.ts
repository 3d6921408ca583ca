import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VerifiedAnchor } from '../../../src/shared/domain/time-anchor.ts';
import {
  clockToleranceMs,
  computeVerdict,
  type VerdictFacts,
  verdictInputsSchema,
} from '../../../src/shared/domain/verdict.ts';
import { computeIsoInstant } from '../../../src/shared/ports.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const yearMs = 365 * dayMs;
const deadlineMs = Date.parse('2026-03-14T17:00:00.000Z');
const runs = { numRuns: 2000 };

const anyMs = fc.oneof(
  fc.integer({ min: deadlineMs - 3 * dayMs, max: deadlineMs + 3 * dayMs }),
  fc.integer({ min: deadlineMs - 10 * minuteMs, max: deadlineMs + 10 * minuteMs }),
  fc.integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9999-12-31T00:00:00Z') }),
);
const anyInstant = anyMs.map(computeIsoInstant);
const graceMinutes = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 7 * 24 * 60 }));

const anyAnchor: fc.Arbitrary<VerifiedAnchor | null> = fc.option(
  fc.record({
    at: anyInstant,
    seq: fc.nat(),
    elapsedMs: fc.option(
      fc.oneof(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.nat()),
    ),
    heldSince: fc.option(anyInstant),
  }),
);

/** Whatever a device may send, and whenever it may arrive. */
const anyFacts: fc.Arbitrary<VerdictFacts> = fc.record({
  deadline: fc.constant(computeIsoInstant(deadlineMs)),
  isSeenDeadline: fc.boolean(),
  graceMinutes,
  receivedAt: anyInstant,
  claimedAt: anyInstant,
  anchor: anyAnchor,
});

/** An honest device: a clock that is wrong by the same amount all along, a count that stands still while it sleeps. */
interface Honest {
  readonly handedInMs: number;
  readonly offsetMs: number;
  readonly sinceAnchorMs: number;
  /** Of the time since the anchor, how much it slept; null where it was started again. */
  readonly sleptShare: number | null;
  /** How long the answer with the anchor took. */
  readonly latencyMs: number;
  readonly onTheWayMs: number;
  readonly graceMinutes: number;
}

const honest = (handedInMs: fc.Arbitrary<number>): fc.Arbitrary<Honest> =>
  fc.record({
    handedInMs,
    offsetMs: fc.oneof(
      fc.constant(0),
      fc.integer({ min: -3 * 60 * minuteMs, max: 3 * 60 * minuteMs }),
      fc.integer({ min: -50 * yearMs, max: 50 * yearMs }),
    ),
    sinceAnchorMs: fc.oneof(
      fc.integer({ min: 0, max: 20 * minuteMs }),
      fc.integer({ min: 0, max: 30 * dayMs }),
    ),
    sleptShare: fc.option(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }))),
    latencyMs: fc.integer({ min: 0, max: 30_000 }),
    onTheWayMs: fc.integer({ min: 0, max: 5 * dayMs }),
    graceMinutes,
  });

function computeFacts(device: Honest): VerdictFacts {
  const anchorMs = device.handedInMs - device.sinceAnchorMs - device.latencyMs;
  return {
    deadline: computeIsoInstant(deadlineMs),
    isSeenDeadline: false,
    graceMinutes: device.graceMinutes,
    receivedAt: computeIsoInstant(device.handedInMs + device.onTheWayMs),
    claimedAt: computeIsoInstant(device.handedInMs + device.offsetMs),
    anchor: {
      at: computeIsoInstant(anchorMs),
      seq: 1,
      elapsedMs: device.sleptShare === null ? null : device.sinceAnchorMs * (1 - device.sleptShare),
      heldSince: computeIsoInstant(anchorMs + device.latencyMs + device.offsetMs),
    },
  };
}

const isOnTime = (facts: VerdictFacts): boolean =>
  computeVerdict(facts).verdict.startsWith('on_time');
const isWithinGrace = ({ receivedAt, graceMinutes: minutes }: VerdictFacts): boolean =>
  Date.parse(receivedAt) <= deadlineMs + minutes * minuteMs;
const inTime = fc.integer({ min: deadlineMs - 5 * dayMs, max: deadlineMs });

test('SY-18 nothing but an arrival by the deadline makes work on time, and it always does', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { verdict } = computeVerdict(facts);
      expect(verdict === 'on_time').toBe(Date.parse(facts.receivedAt) <= deadlineMs);
    }),
    runs,
  );
});

test('SY-18 nothing that a device says makes work other than late once the grace time is over', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      fc.pre(!isWithinGrace(facts));
      expect(computeVerdict(facts).verdict).toBe('late');
    }),
    runs,
  );
});

test('SY-18 work is on time by the device’s clock only where that clock says so, as it is or set right', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { verdict, inputs } = computeVerdict(facts);
      if (verdict !== 'on_time_by_device_clock') return;
      const says = [inputs.claimedAt, inputs.correctedAt ?? inputs.claimedAt];
      expect(says.some((said) => Date.parse(said) <= deadlineMs)).toBe(true);
    }),
    runs,
  );
});

test('SY-18 no verdict favours a claim that is earlier than the server’s own time allows', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { verdict, inputs } = computeVerdict(facts);
      if (verdict !== 'on_time_by_device_clock') return;
      const earliest = inputs.estimatedAt ?? inputs.anchorAt;
      if (earliest === null) return;
      expect(Date.parse(earliest) - inputs.toleranceMs).toBeLessThanOrEqual(deadlineMs);
    }),
    runs,
  );
});

test('SY-18 the inputs of every verdict can be written down, and make the same verdict again', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const judged = computeVerdict(facts);
      expect(verdictInputsSchema.parse(structuredClone(judged.inputs))).toEqual(judged.inputs);
      expect(computeVerdict(facts)).toEqual(judged);
    }),
    runs,
  );
});

test('SY-18 an honest device that handed in by the deadline is on time, however wrong its clock and however long it slept', () => {
  fc.assert(
    fc.property(honest(inTime), (device) => {
      const facts = computeFacts(device);
      fc.pre(isWithinGrace(facts));
      expect(isOnTime(facts)).toBe(true);
    }),
    runs,
  );
});

test('SY-18 an honest device with a right clock is on time without any anchor, too', () => {
  fc.assert(
    fc.property(honest(inTime), (device) => {
      const facts = { ...computeFacts({ ...device, offsetMs: 0 }), anchor: null };
      fc.pre(isWithinGrace(facts));
      expect(isOnTime(facts)).toBe(true);
    }),
    runs,
  );
});

test('SY-18 an honest device is never judged worse than by the time of receipt alone', () => {
  const order = ['on_time', 'on_time_by_device_clock', 'clock_inconsistent', 'late'];
  fc.assert(
    fc.property(
      honest(fc.integer({ min: deadlineMs - 5 * dayMs, max: deadlineMs + 5 * dayMs })),
      (device) => {
        const facts = computeFacts(device);
        const byReceipt = Date.parse(facts.receivedAt) <= deadlineMs ? 'on_time' : 'late';
        const { verdict } = computeVerdict(facts);
        expect(order.indexOf(verdict)).toBeLessThanOrEqual(order.indexOf(byReceipt));
      },
    ),
    runs,
  );
});

test('SY-18 a wrong clock never makes late work on time, unless it sleeps away exactly what it is behind', () => {
  const late = fc.integer({ min: deadlineMs + 5 * minuteMs, max: deadlineMs + 2 * dayMs });
  fc.assert(
    fc.property(honest(late), (device) => {
      const facts = computeFacts(device);
      const { inputs } = computeVerdict(facts);
      const sleptMs = (device.sleptShare ?? 0) * device.sinceAnchorMs;
      // An anchor is one answer's time on the way older than what is counted from it.
      fc.pre(
        device.sleptShare === null ||
          Math.abs(device.offsetMs + sleptMs) > inputs.toleranceMs + device.latencyMs,
      );
      expect(isOnTime(facts)).toBe(false);
    }),
    runs,
  );
});

test('SY-18 a clock turned back is never believed while the computer has been awake since the anchor', () => {
  fc.assert(
    fc.property(
      honest(fc.integer({ min: deadlineMs + 10 * minuteMs, max: deadlineMs + dayMs })),
      fc.integer({ min: 0, max: 10 * yearMs }),
      (device, turnedBackMs) => {
        fc.pre(device.sinceAnchorMs < 2 * dayMs);
        const facts = computeFacts({ ...device, offsetMs: 0, sleptShare: 0 });
        const claimedAt = computeIsoInstant(device.handedInMs - turnedBackMs);
        expect(isOnTime({ ...facts, claimedAt })).toBe(false);
      },
    ),
    runs,
  );
});

test('SY-18 sleep never costs anybody anything whose clock is right', () => {
  fc.assert(
    fc.property(honest(anyMs), fc.double({ min: 0, max: 1, noNaN: true }), (device, sleptShare) => {
      fc.pre(Math.abs(device.handedInMs - deadlineMs) > clockToleranceMs);
      const awake = computeFacts({ ...device, offsetMs: 0, sleptShare: 0 });
      const asleep = computeFacts({ ...device, offsetMs: 0, sleptShare });
      expect(computeVerdict(asleep).verdict).toBe(computeVerdict(awake).verdict);
    }),
    runs,
  );
});
