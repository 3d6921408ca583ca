import { expect, test } from 'vitest';
import { computeDeadlineNotes } from '../../../src/shared/domain/deadline-notes.ts';

const berlin = 'Europe/Berlin';
const newYork = 'America/New_York';
const noExtension = [] as const;

test('a deadline on a working day, with no clock change before it, needs no word', () => {
  expect(
    computeDeadlineNotes({ wall: '2026-05-06T17:00', zone: berlin }, noExtension, [
      newYork,
      berlin,
    ]),
  ).toEqual([]);
});

test('SY-19 a wall time that clocks skip is named, also where only an extension leads to it', () => {
  const skipped = { kind: 'skipped', zone: berlin };
  // 2026-03-29 in Berlin: 02:00 becomes 03:00.
  expect(
    computeDeadlineNotes({ wall: '2026-03-29T02:30', zone: berlin }, noExtension, [berlin]),
  ).toContainEqual(skipped);
  expect(
    computeDeadlineNotes(
      { wall: '2026-03-28T02:30', zone: berlin },
      [{ days: 1, minutes: 0 }],
      [berlin],
    ),
  ).toContainEqual(skipped);
});

test('SY-19 a wall time that comes twice is named', () => {
  // 2026-10-25 in Berlin: 03:00 becomes 02:00.
  expect(
    computeDeadlineNotes({ wall: '2026-10-25T02:30', zone: berlin }, noExtension, [berlin]),
  ).toContainEqual({ kind: 'repeated', zone: berlin });
});

test('a clock change of either side in the week before is named, with the zone where it happens', () => {
  // New York changes on 8 March 2026 at 07:00 UTC, Berlin three weeks later.
  expect(
    computeDeadlineNotes({ wall: '2026-03-11T17:00', zone: berlin }, noExtension, [
      newYork,
      berlin,
    ]),
  ).toEqual([{ kind: 'clock_change', zone: newYork, at: '2026-03-08T07:00:00.000Z', minutes: 60 }]);
  expect(
    computeDeadlineNotes({ wall: '2026-03-16T17:00', zone: berlin }, noExtension, [
      newYork,
      berlin,
    ]),
  ).toEqual([]);
});

test('a clock change after the deadline is none of its business', () => {
  expect(
    computeDeadlineNotes({ wall: '2026-03-06T17:00', zone: berlin }, noExtension, [
      newYork,
      berlin,
    ]),
  ).toEqual([]);
});

test("a weekend counts where the intern is, which may be another day than the deadline's own", () => {
  // Friday 23:30 in New York is Saturday in Berlin.
  const deadline = { wall: '2026-05-08T23:30', zone: newYork };
  expect(computeDeadlineNotes(deadline, noExtension, [berlin, newYork])).toEqual([
    { kind: 'weekend', zone: berlin, weekday: 6 },
  ]);
  expect(computeDeadlineNotes(deadline, noExtension, [newYork, berlin])).toEqual([]);
});

test('zones without clock changes have none', () => {
  expect(
    computeDeadlineNotes({ wall: '2026-05-06T17:00', zone: 'Asia/Kolkata' }, noExtension, ['UTC']),
  ).toEqual([]);
});
