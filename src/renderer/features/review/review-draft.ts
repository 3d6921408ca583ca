import { useCallback, useState } from 'react';

export type Decision = 'accepted' | 'changes_requested';

/** What a reviewer has typed and not sent yet. */
export interface ReviewDraft {
  readonly decision: Decision | null;
  readonly comment: string;
  /** By `criterionKey` or `fileKey`. */
  readonly remarks: Readonly<Record<string, string>>;
}

export interface DraftControl {
  readonly draft: ReviewDraft;
  readonly decide: (decision: Decision | null) => void;
  readonly writeComment: (comment: string) => void;
  readonly writeRemark: (key: string, text: string) => void;
  readonly clear: () => void;
}

const empty: ReviewDraft = { decision: null, comment: '', remarks: {} };
const storageKey = (submissionId: string) => `stint.review.${submissionId}`;

export const criterionKey = (criterionId: string) => `criterion:${criterionId}`;
export const fileKey = (attachmentId: string) => `file:${attachmentId}`;

function isDraft(value: unknown): value is ReviewDraft {
  return (
    typeof value === 'object' &&
    value !== null &&
    'comment' in value &&
    typeof value.comment === 'string' &&
    'remarks' in value &&
    typeof value.remarks === 'object' &&
    value.remarks !== null
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

/** The remarks that would be sent, in the shape of the contract. */
export function listRemarks(draft: ReviewDraft): {
  criterionId: string | null;
  attachmentId: string | null;
  text: string;
}[] {
  return Object.entries(draft.remarks).flatMap(([key, text]) => {
    const trimmed = text.trim();
    if (trimmed === '') return [];
    const id = key.slice(key.indexOf(':') + 1);
    const isCriterion = key.startsWith('criterion:');
    return [
      {
        criterionId: isCriterion ? id : null,
        attachmentId: isCriterion ? null : id,
        text: trimmed,
      },
    ];
  });
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
    writeRemark: useCallback(
      (key, text) =>
        change((before) => ({ ...before, remarks: { ...before.remarks, [key]: text } })),
      [change],
    ),
    clear: useCallback(() => {
      sessionStorage.removeItem(storageKey(submissionId));
      setDraft(empty);
    }, [submissionId]),
  };
}
