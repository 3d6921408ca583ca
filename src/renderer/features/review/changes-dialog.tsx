import type { Submission } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Muted } from '../../ui/stack.tsx';
import { computeFirstName } from './describe-submission.ts';
import { Remark } from './remark.tsx';
import { describePlace } from './describe-place.ts';
import { listRemarks, type ReviewDraft } from './review-draft.ts';

export interface ChangesDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSend: () => void;
  readonly isSending: boolean;
  readonly error: unknown;
  readonly submission: Submission;
  readonly draft: ReviewDraft;
  readonly rounds: { readonly included: number; readonly used: number } | undefined;
}

/** What the intern will read, before it goes out: it cannot be taken back. */
export function ChangesDialog({
  isOpen,
  onClose,
  onSend,
  isSending,
  error,
  submission,
  draft,
  rounds,
}: ChangesDialogProps) {
  const firstName = computeFirstName(submission.internName);
  const remarks = listRemarks(draft);
  const changes = remarks.filter(({ criterionId }) => criterionId !== null);
  const others = remarks.filter(({ criterionId }) => criterionId === null);
  const round = rounds === undefined ? undefined : rounds.used + 1;
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={`Ask ${isolate(firstName)} for these changes?`}
      footer={
        <>
          <Button onPress={onClose}>Go on writing</Button>
          <Button
            variant="primary"
            keys={['Mod', 'Enter']}
            isDisabled={isSending}
            onPress={onSend}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one thing that this dialog asks.
            autoFocus
          >
            Send to <bdi>{firstName}</bdi>
          </Button>
        </>
      }
    >
      {draft.comment.trim() === '' ? null : <Markdown text={draft.comment} isCompact />}
      {changes.map((remark) => (
        <Remark key={remark.key} by={describePlace(submission, remark)} text={remark.text} />
      ))}
      {others.length === 0 ? null : (
        <>
          <Muted>Remarks, which ask for nothing:</Muted>
          {others.map((remark) => (
            <Remark key={remark.key} by={describePlace(submission, remark)} text={remark.text} />
          ))}
        </>
      )}
      {rounds !== undefined && round !== undefined && round > rounds.included ? (
        <Notice
          tone="warning"
          title={
            rounds.included === 0
              ? 'No round of changes is included'
              : `This is round ${round}; ${rounds.included} ${rounds.included === 1 ? 'is' : 'are'} included`
          }
        >
          More was not agreed with <bdi>{firstName}</bdi>. Say how you will make up for it.
        </Notice>
      ) : (
        <Muted>
          {rounds === undefined || round === undefined
            ? ''
            : `Round ${round} of the ${rounds.included} that are included. `}
          Once it is sent, it cannot be taken back.
        </Muted>
      )}
      {error === null ? null : (
        <ErrorNotice error={error} title="Not sent. What you typed is kept." />
      )}
    </Dialog>
  );
}
