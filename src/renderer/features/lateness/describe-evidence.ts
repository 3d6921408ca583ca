import type { Submission } from '../../../shared/contract/shapes.ts';
import { clockToleranceMs, type VerdictInputs } from '../../../shared/domain/verdict.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatClockPosition } from '../../format/clock-difference.ts';
import { formatDateTime, formatTime } from '../../format/date-time.ts';
import { formatDuration } from '../../format/duration.ts';

/**
 * What is known of when work was handed in, and by whom it is said (SY-18). `proven` is what the server's own clock
 * and signature stand for; `claimed` what a device's clock says, which its owner can set.
 */
export interface Evidence {
  readonly id: string;
  readonly term: string;
  readonly instant: string | null;
  readonly standing: 'proven' | 'claimed' | 'agreed';
  readonly text: string;
}

/** Whose computer it is, as the reader would say it: "this computer", "Inês’s computer". */
export interface Owner {
  readonly name: string;
}

type Dated = Pick<Submission, 'claimedAt' | 'receivedAt' | 'verdict' | 'verdictInputs'>;

/** Whether the clocks differ by so much that people should hear of it. */
export function isNoticeableDifference(differenceMs: number | null): differenceMs is number {
  return differenceMs !== null && Math.abs(differenceMs) > clockToleranceMs;
}

/** In the order in which one wants to know it: what is proven first. */
export function computeEvidence(submission: Dated, owner: Owner): readonly Evidence[] {
  const { claimedAt, receivedAt, verdictInputs } = submission;
  const list: Evidence[] = [
    {
      id: 'received',
      term: 'Received',
      instant: receivedAt,
      standing: 'proven',
      text:
        receivedAt === null
          ? 'Not yet. It is safe on this computer and goes by itself.'
          : 'By the server’s clock.',
    },
    {
      id: 'claimed',
      term: 'Handed in',
      instant: claimedAt,
      standing: 'claimed',
      text: `By ${isolate(owner.name)}’s clock${describeConsistency(verdictInputs)}`,
    },
  ];
  if (verdictInputs === null) return list;
  const { correctedAt, differenceMs, anchorAt, deadline, isSeenDeadline, graceMinutes } =
    verdictInputs;
  if (isNoticeableDifference(differenceMs) && correctedAt !== null && anchorAt !== null)
    list.push({
      id: 'corrected',
      term: 'Set right',
      instant: correctedAt,
      standing: 'claimed',
      text: `That clock was ${formatClockPosition(differenceMs)} the server’s at ${formatNear(anchorAt, claimedAt)}. With that taken out, it was handed in at this time.`,
    });
  list.push({
    id: 'deadline',
    term: 'Deadline',
    instant: deadline,
    standing: 'agreed',
    text: [
      isSeenDeadline
        ? 'It had been moved; the one that could be seen when it was handed in counts.'
        : '',
      graceMinutes > 0
        ? `Work handed in before it may reach the server up to ${formatDuration(graceMinutes * 60_000)} later.`
        : 'It has to reach the server before it.',
    ]
      .filter((part) => part !== '')
      .join(' '),
  });
  return list;
}

/** What else is known of the claim. Begins where the sentence before it left off. */
function describeConsistency(inputs: VerdictInputs | null): string {
  if (inputs === null) return '.';
  const { rule, anchorAt, elapsedMs } = inputs;
  // Once it was received in time, or after the grace time, nobody had to ask that clock.
  if (rule === 'received_in_time' || rule === 'received_after_grace') return '.';
  const contradiction = describeContradiction(inputs);
  if (contradiction !== null) return `. ${contradiction}`;
  if (anchorAt === null)
    return '. The server had not stated its time to it before, so there is nothing to compare it with.';
  const counted =
    elapsedMs === null
      ? ''
      : `, and the ${formatDuration(elapsedMs)} that the computer counted since`;
  return `. That is consistent with the server’s time at ${formatNear(anchorAt, inputs.claimedAt)}${counted}.`;
}

/**
 * SY-18: what cannot be true together, in plain words; null where nothing contradicts.
 *
 * @param clock what the device's clock is called, at the beginning of a sentence.
 */
export function describeContradiction(inputs: VerdictInputs, clock = 'It'): string | null {
  const {
    rule,
    anchorAt,
    estimatedAt,
    elapsedMs,
    differenceMs,
    correctedAt,
    claimedAt,
    receivedAt,
  } = inputs;
  const near = (instant: string | null) =>
    instant === null ? '' : formatNear(instant, receivedAt);
  const stated = `the server had stated its time at ${near(anchorAt)}`;
  const counted = elapsedMs === null ? '' : formatDuration(elapsedMs);
  switch (rule) {
    case 'claimed_before_anchor':
      return estimatedAt === null
        ? `${clock} says ${near(claimedAt)}, but ${stated}, and the work was handed in after that.`
        : `${clock} says ${near(claimedAt)}, but ${stated}, and the computer counted ${counted} after that: it was ${near(estimatedAt)} at the earliest.`;
    case 'elapsed_impossible':
      return `After ${stated}, the computer counted ${counted}: longer than it took until the work arrived.`;
    case 'clock_was_behind':
      return `${clock} says ${near(claimedAt)}, but it was ${formatClockPosition(differenceMs ?? 0)} the server’s at ${near(anchorAt)}. If it still was, the work was handed in at ${near(correctedAt)}.`;
    case 'claimed_after_receipt':
      return `${clock} says ${near(claimedAt)}, which is later than the work arrived, so it tells nothing of when that was handed in.`;
    default:
      return null;
  }
}

/** The time alone where it is the same day as the other, so that sentences stay short. */
function formatNear(instant: string, other: string): string {
  const time = formatTime(instant);
  const full = formatDateTime(instant);
  const isSameDay = full.replace(time, '') === formatDateTime(other).replace(formatTime(other), '');
  return isSameDay ? time : full;
}
