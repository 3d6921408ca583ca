import { useEffect, useEffectEvent, useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { request } from '../../client/host.ts';
import { useMinuteNowMs } from '../tasks/due-phrase.tsx';

export type Reviewer = NonNullable<RequestOutput<'review.queue'>['waiting'][number]['reviewer']>;

/** Whoever only passes by on the way to another submission is not at this one. */
const dwellMs = 4_000;
/** How often it is said again; the engine makes a change of it only when the last one is about to expire. */
const renewMs = 60_000;
/** A page that stands open before an empty chair holds nobody up. */
const idleMs = 10 * 60_000;

const acts = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

function listenForActs(onAct: () => void): () => void {
  for (const act of acts) globalThis.addEventListener(act, onAct, { capture: true, passive: true });
  return () => {
    for (const act of acts) globalThis.removeEventListener(act, onAct, { capture: true });
  };
}

/** What was said of a reviewer, for as long as it holds by this computer's clock. */
export function useFreshReviewer(reviewer: Reviewer | null): Reviewer | null {
  const nowMs = useMinuteNowMs();
  return reviewer !== null && Date.parse(reviewer.until) > nowMs ? reviewer : null;
}

export interface ReviewClaim {
  readonly seatId: string;
  readonly submissionId: string;
  /** There is still something to decide. */
  readonly isOpen: boolean;
  /** Something was written or chosen: there is no doubt any more. */
  readonly hasActed: boolean;
}

/**
 * Tells the other managers that one is at this submission: after a moment, or with the first act, and again and again
 * for as long as there is somebody at the screen; and that one has left. Mount it keyed by the submission.
 */
export function useReviewClaim({ seatId, submissionId, isOpen, hasActed }: ReviewClaim): void {
  const [hasStayed, setHasStayed] = useState(false);
  const isAtIt = isOpen && (hasStayed || hasActed);

  // The queue opens what comes first by itself, before nobody perhaps: somebody has to do something there.
  useEffect(() => {
    const openedAtMs = performance.now();
    return listenForActs(() => {
      if (performance.now() - openedAtMs > dwellMs) setHasStayed(true);
    });
  }, []);

  const tell = useEffectEvent((name: 'review.claim' | 'review.release') => {
    // It binds nobody: where it cannot be said, the review goes on all the same.
    request(name, { seatId, submissionId }).catch(() => {});
  });

  useEffect(() => {
    if (!isAtIt) return;
    let lastActMs = performance.now();
    const stopListening = listenForActs(() => {
      lastActMs = performance.now();
    });
    tell('review.claim');
    const timer = setInterval(() => {
      const isThere = document.visibilityState === 'visible';
      if (isThere && performance.now() - lastActMs < idleMs) tell('review.claim');
    }, renewMs);
    return () => {
      clearInterval(timer);
      stopListening();
      tell('review.release');
    };
  }, [isAtIt]);
}
