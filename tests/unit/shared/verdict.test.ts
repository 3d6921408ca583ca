import { expect, test } from 'vitest';
import type { VerifiedAnchor } from '../../../src/shared/domain/time-anchor.ts';
import {
  computeVerdict,
  type VerdictFacts,
  verdictInputsSchema,
} from '../../../src/shared/domain/verdict.ts';
import { computeEpochMs, computeIsoInstant } from '../../../src/shared/ports.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** 14 March 2026, by the server's clock. */
const at = (time: string): string => `2026-03-14T${time}:00.000Z`;
const shift = (instant: string, ms: number): string =>
  computeIsoInstant(computeEpochMs(instant) + ms);

const facts: VerdictFacts = {
  deadline: at('17:00'),
  isSeenDeadline: false,
  graceMinutes: 60,
  receivedAt: at('17:30'),
  claimedAt: at('16:51'),
  anchor: null,
};

const anchor = (
  time: string,
  elapsedMs: number | null,
  /** How far the device's clock was ahead when it came. */
  differenceMs = 0,
): VerifiedAnchor => ({
  at: at(time),
  seq: 7,
  elapsedMs,
  heldSince: shift(at(time), differenceMs),
});

const judge = (changes: Partial<VerdictFacts>) => {
  const { verdict, inputs } = computeVerdict({ ...facts, ...changes });
  return [verdict, inputs.rule];
};

test('SY-18 received by the deadline is on time, whatever the device’s clock says', () => {
  for (const claimedAt of ['1970-01-01T00:00:00.000Z', at('16:51'), '9999-12-31T23:59:59.999Z'])
    expect(judge({ receivedAt: at('17:00'), claimedAt })).toEqual(['on_time', 'received_in_time']);
});

test('SY-18 the deadline’s own moment is in time, and so is the last of the grace time', () => {
  expect(judge({ receivedAt: '2026-03-14T17:00:00.001Z', claimedAt: at('17:00') })).toEqual([
    'on_time_by_device_clock',
    'claimed_in_time',
  ]);
  expect(judge({ receivedAt: at('18:00') })).toEqual([
    'on_time_by_device_clock',
    'claimed_in_time',
  ]);
  expect(judge({ receivedAt: '2026-03-14T18:00:00.001Z' })).toEqual([
    'late',
    'received_after_grace',
  ]);
  expect(judge({ graceMinutes: 0 })).toEqual(['late', 'received_after_grace']);
});

test('SY-18 without an anchor the claim alone decides within the grace time', () => {
  expect(judge({})).toEqual(['on_time_by_device_clock', 'claimed_in_time']);
  expect(judge({ claimedAt: at('17:01') })).toEqual(['late', 'claimed_after_deadline']);
});

test('SY-18 a right clock and an anchor from before agree', () => {
  expect(judge({ anchor: anchor('15:20', 91 * minuteMs) })).toEqual([
    'on_time_by_device_clock',
    'claimed_in_time',
  ]);
  expect(judge({ claimedAt: at('17:10'), anchor: anchor('15:20', 110 * minuteMs) })).toEqual([
    'late',
    'claimed_after_deadline',
  ]);
});

test('SY-18 a laptop that slept for two days has counted next to nothing, and is believed', () => {
  const slept = { ...anchor('15:20', 5 * minuteMs), at: '2026-03-12T15:20:00.000Z' };
  expect(judge({ anchor: { ...slept, heldSince: slept.at } })).toEqual([
    'on_time_by_device_clock',
    'claimed_in_time',
  ]);
  expect(judge({ anchor: { ...slept, heldSince: null } })).toEqual([
    'on_time_by_device_clock',
    'claimed_in_time',
  ]);
});

test('SY-18 a computer that was started again has counted nothing, and is believed', () => {
  expect(judge({ anchor: anchor('15:20', null) })).toEqual([
    'on_time_by_device_clock',
    'claimed_in_time',
  ]);
});

test.each([
  ['three hours ahead', 3 * hourMs],
  ['three hours behind', -3 * hourMs],
  ['sixteen years behind', -16 * 365 * dayMs],
  ['forty years ahead', 40 * 365 * dayMs],
  ['ten minutes ahead', 10 * minuteMs],
  ['ten minutes behind', -10 * minuteMs],
])('SY-18 a clock that was %s all along is set right first', (_case, differenceMs) => {
  for (const elapsedMs of [91 * minuteMs, 3 * minuteMs, null])
    expect(
      computeVerdict({
        ...facts,
        claimedAt: shift(at('16:51'), differenceMs),
        anchor: anchor('15:20', elapsedMs, differenceMs),
      }),
    ).toMatchObject({
      verdict: 'on_time_by_device_clock',
      inputs: { differenceMs, correctedAt: at('16:51') },
    });
});

test.each([
  ['three hours behind', -3 * hourMs, 'clock_inconsistent', 'claimed_before_anchor'],
  ['ten minutes behind', -10 * minuteMs, 'clock_inconsistent', 'claimed_before_anchor'],
  ['ten minutes ahead', 10 * minuteMs, 'late', 'claimed_after_deadline'],
  ['forty years ahead', 40 * 365 * dayMs, 'late', 'claimed_after_deadline'],
] as const)(
  'SY-18 work handed in after the deadline by a clock that was %s is not on time',
  (_case, differenceMs, verdict, rule) => {
    expect(
      judge({
        claimedAt: shift(at('17:05'), differenceMs),
        anchor: anchor('15:20', 105 * minuteMs, differenceMs),
      }),
    ).toEqual([verdict, rule]);
  },
);

test('SY-18 a clock known to be behind, which slept since, is for the employer to judge', () => {
  expect(
    judge({ claimedAt: at('16:55'), anchor: anchor('15:20', 20 * minuteMs, -10 * minuteMs) }),
  ).toEqual(['clock_inconsistent', 'clock_was_behind']);
});

test('SY-18 a clock that was set right since the anchor agrees with the server’s time and the count', () => {
  for (const differenceMs of [-hourMs, hourMs, 16 * 365 * dayMs])
    expect(judge({ anchor: anchor('15:20', 91 * minuteMs, differenceMs) })).toEqual([
      'on_time_by_device_clock',
      'claimed_in_time',
    ]);
});

test('SY-18 a clock that was turned back before handing in is found out', () => {
  // Handed in at 17:10, with the clock set to 16:50.
  expect(judge({ claimedAt: at('16:50'), anchor: anchor('15:20', 110 * minuteMs) })).toEqual([
    'clock_inconsistent',
    'claimed_before_anchor',
  ]);
  // The anchor came after the deadline, and the clock was turned back after that.
  expect(judge({ claimedAt: at('16:50'), anchor: anchor('17:05', null) })).toEqual([
    'clock_inconsistent',
    'claimed_before_anchor',
  ]);
});

test('SY-18 a clock that jumped by years while the computer was off is for the employer to judge', () => {
  expect(judge({ claimedAt: '2010-01-01T00:03:00.000Z', anchor: anchor('15:20', null) })).toEqual([
    'clock_inconsistent',
    'claimed_before_anchor',
  ]);
});

test('SY-18 a second system that leaves the clock hours ahead makes nobody late', () => {
  expect(judge({ claimedAt: at('18:51'), anchor: anchor('15:20', null) })).toEqual([
    'clock_inconsistent',
    'claimed_after_receipt',
  ]);
  expect(judge({ claimedAt: at('18:51'), anchor: null })).toEqual([
    'clock_inconsistent',
    'claimed_after_receipt',
  ]);
  // But no clock ahead of the receipt helps against the server's own time.
  expect(judge({ claimedAt: at('18:51'), anchor: anchor('17:10', null) })).toEqual([
    'late',
    'claimed_after_deadline',
  ]);
  expect(judge({ claimedAt: at('18:51'), anchor: anchor('15:20', 110 * minuteMs) })).toEqual([
    'late',
    'claimed_after_deadline',
  ]);
});

test('SY-18 an older anchor says less, and never more', () => {
  const claimedAt = at('16:50');
  expect(judge({ claimedAt, anchor: anchor('17:05', 5 * minuteMs) })[0]).toBe('clock_inconsistent');
  expect(judge({ claimedAt, anchor: anchor('09:00', null) })).toEqual([
    'on_time_by_device_clock',
    'claimed_in_time',
  ]);
});

test('SY-18 more time counted than there was contradicts a claim to be in time, and helps no late one', () => {
  const impossible = anchor('15:20', 5 * hourMs);
  expect(judge({ anchor: impossible })).toEqual(['clock_inconsistent', 'elapsed_impossible']);
  expect(judge({ claimedAt: at('17:10'), anchor: impossible })).toEqual([
    'late',
    'claimed_after_deadline',
  ]);
});

test('SY-18 clocks that differ by up to the tolerance do not contradict each other', () => {
  const counted = 102 * minuteMs;
  expect(judge({ claimedAt: at('17:00'), anchor: anchor('15:20', counted) })).toEqual([
    'on_time_by_device_clock',
    'claimed_in_time',
  ]);
  expect(
    judge({ claimedAt: at('17:00'), anchor: anchor('15:20', counted + 10 * minuteMs) })[0],
  ).toBe('clock_inconsistent');
});

test('SY-18 a server whose own clock was set back meanwhile holds it against nobody', () => {
  const ahead = anchor('17:40', 0, -10 * minuteMs);
  const { verdict, inputs } = computeVerdict({ ...facts, anchor: ahead });
  expect(verdict).toBe('on_time_by_device_clock');
  expect(inputs).toMatchObject({ anchorAt: null, anchorSeq: null, estimatedAt: null });
});

test('SY-18 a server’s clock that was ahead when the anchor came makes an intern’s claim doubtful, not late', () => {
  // The server said 15:30 when it was 15:20; work handed in at 16:51 seems to be of 17:01.
  expect(judge({ anchor: { ...anchor('15:30', 91 * minuteMs), heldSince: at('15:20') } })).toEqual([
    'clock_inconsistent',
    'claimed_before_anchor',
  ]);
});

test('SY-18 the verdict keeps all that it was made from', () => {
  const { inputs } = computeVerdict({
    ...facts,
    isSeenDeadline: true,
    anchor: anchor('15:20', 91 * minuteMs, 1000),
  });
  expect(inputs).toEqual({
    deadline: at('17:00'),
    isSeenDeadline: true,
    graceMinutes: 60,
    receivedAt: at('17:30'),
    claimedAt: at('16:51'),
    anchorAt: at('15:20'),
    anchorSeq: 7,
    elapsedMs: 91 * minuteMs,
    estimatedAt: at('16:51'),
    differenceMs: 1000,
    correctedAt: '2026-03-14T16:50:59.000Z',
    toleranceMs: 122_730,
    rule: 'claimed_in_time',
  });
});

test('SY-18 times that no calendar holds are kept as the first or last that one does', () => {
  const { inputs } = computeVerdict({
    ...facts,
    claimedAt: '9999-12-31T23:59:59.999Z',
    anchor: { ...anchor('15:20', 1e300), heldSince: '0001-01-01T00:00:00.000Z' },
  });
  expect(verdictInputsSchema.parse(inputs)).toEqual(inputs);
  expect(inputs.correctedAt).toBe('9999-12-31T23:59:59.999Z');
});
