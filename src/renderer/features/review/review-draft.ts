import { useCallback, useState } from 'react';
import type { Selector } from '../../../shared/domain/annotation.ts';
import type { RubricScore } from '../../../shared/domain/rubric-score.ts';

export type Decision = 'accepted' | 'changes_requested';

/** What is being said of a criterion, of a file, or of a place in one. */
export interface DraftRemark {
  /** By `criterionKey`, `fileKey` or `placeKey`. */
  readonly key: string;
  /** What a change is measured by; null for a remark that asks for nothing. */
  readonly criterionId: string | null;
  readonly attachmentId: string | null;
  readonly selectors: readonly Selector[];
  readonly text: string;
}

/** What a reviewer has typed and not sent yet. */
export interface ReviewDraft {
  readonly decision: Decision | null;
  readonly comment: string;
  readonly remarks: readonly DraftRemark[];
  /** Points by the rubric's lines. */
  readonly scores: Readonly<Record<string, number>>;
}

export interface DraftControl {
  readonly draft: ReviewDraft;
  readonly decide: (decision: Decision | null) => void;
  readonly writeComment: (comment: string) => void;
  /** Adds it, or puts it in the place of the one with its key. */
  readonly writeRemark: (remark: DraftRemark) => void;
  readonly removeRemark: (key: string) => void;
  /** Null takes a score back. */
  readonly score: (rubricCriterionId: string, points: number | null) => void;
  readonly clear: () => void;
}

const empty: ReviewDraft = { decision: null, comment: '', remarks: [], scores: {} };
const storageKey = (submissionId: string) => `stint.review.${submissionId}`;

export const criterionKey = (criterionId: string) => `criterion:${criterionId}`;
export const fileKey = (attachmentId: string) => `file:${attachmentId}`;
export const placeKey = () => `place:${crypto.randomUUID()}`;

/** A stored draft is this program's own; of an older one only what has the shape of today is taken. */
function isDraft(value: unknown): value is ReviewDraft {
  return (
    typeof value === 'object' &&
    value !== null &&
    'comment' in value &&
    typeof value.comment === 'string' &&
    'remarks' in value &&
    Array.isArray(value.remarks) &&
    'scores' in value &&
    typeof value.scores === 'object' &&
    value.scores !== null
  );
}

function readDraft(submissionId: string): ReviewDraft {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(storageKey(submissionId)) ?? 'null');
    // A decision is chosen anew each time, so that nothing can be sent by a key pressed in passing.
    if (isDraft(value)) return { ...value, decision: null };
  } catch {
    // Not readable: begin anew.
  }
  return empty;
}

export function findRemark({ remarks }: ReviewDraft, key: string): DraftRemark | undefined {
  return remarks.find((remark) => remark.key === key);
}

/** The remarks that would be sent: those with words. */
export function listRemarks({ remarks }: ReviewDraft): DraftRemark[] {
  return remarks.flatMap((remark) => {
    const text = remark.text.trim();
    return text === '' ? [] : [{ ...remark, text }];
  });
}

export function listScores({ scores }: ReviewDraft): RubricScore[] {
  return Object.entries(scores).map(([rubricCriterionId, points]) => ({
    rubricCriterionId,
    points,
  }));
}

/** Whether there is anything that was not sent. */
export function hasWords(draft: ReviewDraft): boolean {
  return (
    draft.comment.trim() !== '' ||
    listRemarks(draft).length > 0 ||
    Object.keys(draft.scores).length > 0
  );
}

function writeRemark(draft: ReviewDraft, remark: DraftRemark): ReviewDraft {
  const isKnown = draft.remarks.some(({ key }) => key === remark.key);
  return {
    ...draft,
    remarks: isKnown
      ? draft.remarks.map((each) => (each.key === remark.key ? remark : each))
      : [...draft.remarks, remark],
  };
}

function writeScore(draft: ReviewDraft, id: string, points: number | null): ReviewDraft {
  const { [id]: _, ...others } = draft.scores;
  return { ...draft, scores: points === null ? others : { ...others, [id]: points } };
}

/** Kept for the session, so that going elsewhere and coming back loses nothing. Mount it keyed by the submission. */
export function useReviewDraft(submissionId: string): DraftControl {
  const [draft, setDraft] = useState(() => readDraft(submissionId));
  const change = useCallback(
    (patch: (before: ReviewDraft) => ReviewDraft) => {
      setDraft((before) => {
        const after = patch(before);
        sessionStorage.setItem(storageKey(submissionId), JSON.stringify(after));
        return after;
      });
    },
    [submissionId],
  );
  return {
    draft,
    decide: useCallback((decision) => change((before) => ({ ...before, decision })), [change]),
    writeComment: useCallback((comment) => change((before) => ({ ...before, comment })), [change]),
    writeRemark: useCallback((remark) => change((before) => writeRemark(before, remark)), [change]),
    removeRemark: useCallback(
      (key) =>
        change((before) => ({
          ...before,
          remarks: before.remarks.filter((remark) => remark.key !== key),
        })),
      [change],
    ),
    score: useCallback(
      (id, points) => change((before) => writeScore(before, id, points)),
      [change],
    ),
    clear: useCallback(() => {
      sessionStorage.removeItem(storageKey(submissionId));
      setDraft(empty);
    }, [submissionId]),
  };
}
