import { describe, expect, test } from 'vitest';
import {
  computeEvidence,
  describeContradiction,
  isNoticeableDifference,
} from '../../../src/renderer/features/lateness/describe-evidence.ts';
import { describeVerdict as describeForEmployer } from '../../../src/renderer/features/review/describe-submission.ts';
import { describeVerdict as describeForIntern } from '../../../src/renderer/features/tasks/submission-texts.ts';
import {
  formatClockDifference,
  formatClockPosition,
} from '../../../src/renderer/format/clock-difference.ts';
import type { VerifiedAnchor } from '../../../src/shared/domain/time-anchor.ts';
import { computeVerdict } from '../../../src/shared/domain/verdict.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const at = (time: string): string => `2026-03-14T${time}:00.000Z`;

function judge(claimedAt: string, anchor: VerifiedAnchor | null) {
  const receivedAt = at('17:03');
  const { verdict, inputs } = computeVerdict({
    deadline: at('17:00'),
    isSeenDeadline: false,
    graceMinutes: 60,
    receivedAt,
    claimedAt,
    anchor,
  });
  return { claimedAt, receivedAt, verdict, verdictInputs: inputs };
}

const anchor = (elapsedMs: number | null, heldSince: string | null = at('15:20')) => ({
  at: at('15:20'),
  seq: 1,
  elapsedMs,
  heldSince,
});

const owner = { name: 'Ida’s computer' };

describe('SY-18 what is said about when work was handed in', () => {
  test('calls the server’s time proven and the device’s claimed, and says that they agree', () => {
    const evidence = computeEvidence(judge(at('16:51'), anchor(91 * minuteMs)), owner);
    expect(evidence.map(({ id, standing, instant }) => [id, standing, instant])).toEqual([
      ['received', 'proven', at('17:03')],
      ['claimed', 'claimed', at('16:51')],
      ['deadline', 'agreed', at('17:00')],
    ]);
    expect(evidence[1]?.text).toMatch(/^By Ida’s computer’s clock\. That is consistent with/u);
  });

  test('says where there is nothing to compare a claim with', () => {
    expect(computeEvidence(judge(at('16:51'), null), owner)[1]?.text).toMatch(
      /nothing to compare/u,
    );
  });

  test('proves nothing of work that has not arrived', () => {
    const [received] = computeEvidence(
      { claimedAt: at('16:51'), receivedAt: null, verdict: null, verdictInputs: null },
      owner,
    );
    expect(received).toMatchObject({ instant: null });
    expect(received?.text).toMatch(/safe on this computer/u);
  });

  test('sets a clock right that was wrong all along, and says by how much', () => {
    const evidence = computeEvidence(judge(at('19:51'), anchor(null, at('18:20'))), owner);
    expect(evidence[2]).toMatchObject({
      id: 'corrected',
      instant: at('16:51'),
      standing: 'claimed',
    });
    expect(evidence[2]?.text).toContain('3 hours ahead of the server’s');
  });

  test.each([
    ['turned back', at('16:50'), anchor(102 * minuteMs), /at the earliest/u],
    ['turned back behind the anchor', at('15:00'), anchor(null), /handed in after that/u],
    ['with an impossible count', at('16:50'), anchor(5 * hourMs), /longer than it took/u],
    ['known to be behind', at('16:50'), anchor(5 * minuteMs, at('15:08')), /If it still was/u],
    ['ahead of the receipt', at('19:51'), null, /later than the work arrived/u],
  ] as const)('names the contradiction of a clock %s', (_case, claimedAt, held, words) => {
    const { verdict, verdictInputs } = judge(claimedAt, held);
    expect(verdict).toBe('clock_inconsistent');
    expect(describeContradiction(verdictInputs)).toMatch(words);
  });

  test('finds none where the verdict is clear', () => {
    for (const claimedAt of [at('16:51'), at('17:01')])
      expect(
        describeContradiction(judge(claimedAt, anchor(91 * minuteMs)).verdictInputs),
      ).toBeNull();
  });
});

describe('SY-18 what counts', () => {
  const decided = {
    ...judge(at('15:00'), anchor(null)),
    internName: 'Ida',
    latenessDecision: {
      verdict: 'late' as const,
      reason: 'You said so.',
      decidedAt: at('18:00'),
      deciderName: 'Ada',
    },
  };

  test('is the employer’s decision, on both sides, with who and why', () => {
    expect(describeForIntern(decided)).toMatchObject({ text: 'Late' });
    expect(describeForIntern(decided).reason).toContain('You said so.');
    expect(describeForEmployer(decided)).toMatchObject({ label: 'Late' });
    expect(describeForEmployer(decided).detail).toContain('Ada');
  });

  test('is open until then', () => {
    const open = { ...decided, latenessDecision: null };
    expect(describeForIntern(open).text).toBe('Clocks disagree');
    expect(describeForEmployer(open).label).toBe('Clocks disagree');
  });
});

describe('SY-17 the difference between two clocks', () => {
  test.each([
    [3 * minuteMs, '3 minutes'],
    [-90 * minuteMs, '90 minutes'],
    [3 * hourMs, '3 hours'],
    [47 * hourMs, '47 hours'],
    [3 * 24 * hourMs, '3 days'],
    [-16 * 365.25 * 24 * hourMs, '16 years'],
  ])('of %i ms is said as people would', (differenceMs, words) => {
    expect(formatClockDifference(differenceMs)).toBe(words);
  });

  test('is ahead or behind, and not worth a word up to the tolerance', () => {
    expect(formatClockPosition(3 * hourMs)).toBe('3 hours ahead of');
    expect(formatClockPosition(-3 * hourMs)).toBe('3 hours behind');
    expect(isNoticeableDifference(2 * minuteMs)).toBe(false);
    expect(isNoticeableDifference(-2 * minuteMs - 1)).toBe(true);
    expect(isNoticeableDifference(null)).toBe(false);
  });
});
