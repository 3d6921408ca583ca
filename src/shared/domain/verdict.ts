import { z } from 'zod';
import { computeEpochMs } from '../ports.ts';
import { computeBoundedInstant, latestMs } from './bounded-instant.ts';
import { instantSchema } from './fields.ts';
import type { SubmissionVerdict } from './submission-marks.ts';
import type { VerifiedAnchor } from './time-anchor.ts';

/** Clocks that differ by no more than this agree: answers travel, and people's clocks are never exact. */
export const clockToleranceMs = 2 * 60_000;

/**
 * By how much a clock that only counts may run wrong: one part in 2,000, which is what the usual corrections of a
 * computer's clock do at most (RFC 5905, 500 parts in a million).
 */
const driftShare = 1 / 2000;

const minuteMs = 60_000;

/**
 * Which rule made the verdict, in the order in which they are asked.
 *
 * - `received_in_time`         received no later than the deadline
 * - `received_after_grace`     received after the grace time: no device's clock is asked then
 * - `claimed_in_time`          the device's clock says before the deadline, and nothing contradicts it
 * - `corrected_in_time`        the same, with the clock's known difference from the server's taken out
 * - `claimed_after_deadline`   the device's own clock says after the deadline
 * - `claimed_before_anchor`    it says before the deadline, and earlier than it can have been by the server's own time
 * - `elapsed_impossible`       it says before the deadline, as it is or set right, and more time has run since the anchor than there was
 * - `clock_was_behind`         it says before the deadline; it was behind the server's when the two last met, and
 *                              with that taken out it is after the deadline
 * - `claimed_after_receipt`    it says that the work was handed in after the server had received it
 */
export const verdictRuleSchema = z.enum([
  'received_in_time',
  'received_after_grace',
  'claimed_in_time',
  'corrected_in_time',
  'claimed_after_deadline',
  'claimed_before_anchor',
  'elapsed_impossible',
  'clock_was_behind',
  'claimed_after_receipt',
]);
export type VerdictRule = z.infer<typeof verdictRuleSchema>;

/** SY-18: all that a verdict was made from, kept beside it and signed with the receipt. */
export const verdictInputsSchema = z.object({
  /** The deadline that counted, with its extensions. */
  deadline: instantSchema,
  /** The deadline that counted is the one that the intern could see, not the one that stood when it arrived (SY-19). */
  isSeenDeadline: z.boolean(),
  graceMinutes: z.int().min(0),
  /** By the server's clock: proven. */
  receivedAt: instantSchema,
  /** By the device's clock: claimed. */
  claimedAt: instantSchema,
  /** When the server last stated its time to the device before the work was handed in; null without an anchor. */
  anchorAt: instantSchema.nullable(),
  /** Up to which number the device had been shown the organization by then; 0 where that was not stated. */
  anchorSeq: z.int().min(0).nullable(),
  /** How much time the device had counted since; less than has passed where it slept, null where it was started again. */
  elapsedMs: z.number().min(0).nullable(),
  /** `anchorAt` and `elapsedMs` together: by the server's time it was handed in then at the earliest. */
  estimatedAt: instantSchema.nullable(),
  /** How far the device's clock was ahead of the server's when the anchor came; negative where it was behind. */
  differenceMs: z.number().nullable(),
  /** `claimedAt` with `differenceMs` taken out. */
  correctedAt: instantSchema.nullable(),
  /** What was allowed for before two clocks count as contradicting each other. */
  toleranceMs: z.number().min(0),
  rule: verdictRuleSchema,
});
export type VerdictInputs = z.infer<typeof verdictInputsSchema>;

/** What is known when a submission arrives. */
export interface VerdictFacts {
  readonly deadline: string;
  readonly isSeenDeadline: boolean;
  readonly graceMinutes: number;
  readonly receivedAt: string;
  readonly claimedAt: string;
  /** Verified; null where there is none. */
  readonly anchor: VerifiedAnchor | null;
}

export interface Verdict {
  readonly verdict: SubmissionVerdict;
  readonly inputs: VerdictInputs;
}

/**
 * SY-18: the verdict on a submission, once, by the server. Pure.
 *
 * What is received in time is on time, and what is received after the grace time is late: no device's clock is
 * asked for either. In between, the device's clock decides, as far as nothing contradicts it. Against it stand
 * the server's own earlier statement of its time and what the device has counted since, which together say when
 * the work was handed in *at the earliest* (a counter may stand still while a computer sleeps, never run ahead),
 * and the time of receipt, which says when at the latest. A clock that was wrong by the same amount all along is
 * set right first. Where what is left cannot be true together, the employer decides.
 */
export function computeVerdict(facts: VerdictFacts): Verdict {
  const { deadline, isSeenDeadline, graceMinutes, receivedAt, claimedAt } = facts;
  const receivedMs = computeEpochMs(receivedAt);
  const claimedMs = computeEpochMs(claimedAt);
  const anchor = findUsableAnchor(facts.anchor, receivedMs);
  const counted = anchor?.elapsedMs ?? null;
  const elapsedMs = counted === null ? null : Math.round(counted);
  const heldSince = anchor?.heldSince ?? null;
  const toleranceMs = Math.round(
    clockToleranceMs + Math.min(elapsedMs ?? 0, latestMs) * driftShare,
  );
  const anchorMs = anchor === null ? null : computeEpochMs(anchor.at);
  const estimatedMs = anchorMs === null || elapsedMs === null ? null : anchorMs + elapsedMs;
  const differenceMs =
    anchorMs === null || heldSince === null ? null : computeEpochMs(heldSince) - anchorMs;
  const correctedMs = differenceMs === null ? null : claimedMs - differenceMs;
  const rule = findRule({
    deadlineMs: computeEpochMs(deadline),
    graceMs: graceMinutes * minuteMs,
    receivedMs,
    claimedMs,
    anchorMs,
    estimatedMs,
    correctedMs,
    toleranceMs,
  });
  return {
    verdict: verdictByRule[rule],
    inputs: {
      deadline,
      isSeenDeadline,
      graceMinutes,
      receivedAt,
      claimedAt,
      anchorAt: anchor?.at ?? null,
      anchorSeq: anchor?.seq ?? null,
      elapsedMs,
      estimatedAt: estimatedMs === null ? null : computeBoundedInstant(estimatedMs),
      differenceMs,
      correctedAt: correctedMs === null ? null : computeBoundedInstant(correctedMs),
      toleranceMs,
      rule,
    },
  };
}

/** An anchor from after the receipt: the server's own clock was set back meanwhile, for which the intern is not to blame. */
function findUsableAnchor(
  anchor: VerifiedAnchor | null,
  receivedMs: number,
): VerifiedAnchor | null {
  return anchor === null || computeEpochMs(anchor.at) > receivedMs + clockToleranceMs
    ? null
    : anchor;
}

const verdictByRule: Readonly<Record<VerdictRule, SubmissionVerdict>> = {
  received_in_time: 'on_time',
  received_after_grace: 'late',
  claimed_in_time: 'on_time_by_device_clock',
  corrected_in_time: 'on_time_by_device_clock',
  claimed_after_deadline: 'late',
  claimed_before_anchor: 'clock_inconsistent',
  elapsed_impossible: 'clock_inconsistent',
  clock_was_behind: 'clock_inconsistent',
  claimed_after_receipt: 'clock_inconsistent',
};

/** Milliseconds since the epoch, or of duration; null for what is not known. */
interface Readings {
  readonly deadlineMs: number;
  readonly graceMs: number;
  readonly receivedMs: number;
  readonly claimedMs: number;
  readonly anchorMs: number | null;
  readonly estimatedMs: number | null;
  readonly correctedMs: number | null;
  readonly toleranceMs: number;
}

function findRule(readings: Readings): VerdictRule {
  const { deadlineMs, graceMs, receivedMs } = readings;
  // The deadline's own moment is in time, and so is the last moment of the grace time.
  if (receivedMs <= deadlineMs) return 'received_in_time';
  if (receivedMs > deadlineMs + graceMs) return 'received_after_grace';
  return readings.claimedMs <= deadlineMs
    ? findRuleForClaimInTime(readings)
    : findRuleForLateClaim(readings);
}

function computeEarliestMs({ anchorMs, estimatedMs }: Readings): number {
  return estimatedMs ?? anchorMs ?? Number.NEGATIVE_INFINITY;
}

/** Whether the work can have been handed in then: no earlier than the server's own time allows, no later than it came. */
function isPossible(readings: Readings, momentMs: number): boolean {
  const { receivedMs, toleranceMs } = readings;
  return (
    momentMs >= computeEarliestMs(readings) - toleranceMs && momentMs <= receivedMs + toleranceMs
  );
}

function isElapsedImpossible({ estimatedMs, receivedMs, toleranceMs }: Readings): boolean {
  return estimatedMs !== null && estimatedMs > receivedMs + toleranceMs;
}

function isCorrectedInTime(readings: Readings): boolean {
  const { correctedMs, deadlineMs } = readings;
  return correctedMs !== null && correctedMs <= deadlineMs && isPossible(readings, correctedMs);
}

function isCorrectedLate(readings: Readings): boolean {
  const { correctedMs, deadlineMs } = readings;
  return correctedMs !== null && correctedMs > deadlineMs && isPossible(readings, correctedMs);
}

function findRuleForClaimInTime(readings: Readings): VerdictRule {
  const { claimedMs, estimatedMs, toleranceMs } = readings;
  if (isElapsedImpossible(readings)) return 'elapsed_impossible';
  // A clock that was behind all along: by the server's time it was later, and still in time.
  if (!isPossible(readings, claimedMs))
    return isCorrectedInTime(readings) ? 'corrected_in_time' : 'claimed_before_anchor';
  // Its difference may be gone since the anchor: then it agrees with the server's time and what was counted since.
  const agrees = estimatedMs !== null && Math.abs(claimedMs - estimatedMs) <= toleranceMs;
  return isCorrectedLate(readings) && !agrees ? 'clock_was_behind' : 'claimed_in_time';
}

function findRuleForLateClaim(readings: Readings): VerdictRule {
  const { claimedMs, receivedMs, deadlineMs, toleranceMs } = readings;
  // A count that cannot be is no help to anybody, nor is it needed for a claim to be late.
  const isImpossible = isElapsedImpossible(readings);
  const known = isImpossible ? { ...readings, estimatedMs: null } : readings;
  if (isCorrectedInTime(known)) return isImpossible ? 'elapsed_impossible' : 'corrected_in_time';
  const isFromTheFuture = claimedMs > receivedMs + toleranceMs;
  if (!isFromTheFuture || isCorrectedLate(known)) return 'claimed_after_deadline';
  // Such a clock says nothing. The server's own time may still say that it was after the deadline.
  return computeEarliestMs(known) - toleranceMs > deadlineMs
    ? 'claimed_after_deadline'
    : 'claimed_after_receipt';
}
