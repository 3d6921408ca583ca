import { useEffect, useRef, useState } from 'react';
import type { Submission } from '../../../shared/contract/shapes.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { isDialogOpen, useShortcut } from '../../frame/shortcuts.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { MarkdownEditor } from '../../ui/markdown-editor.tsx';
import { Muted } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useFoot } from '../../ui/foot-height.ts';
import { AcceptOlderDialog } from './accept-older-dialog.tsx';
import { AmendmentFromReview } from './amendment-from-review.tsx';
import { ChangesDialog } from './changes-dialog.tsx';
import styles from './decision-bar.module.css';
import { computeFirstName } from './describe-submission.ts';
import { listRemarks, listScores, type Decision, type DraftControl } from './review-draft.ts';

export interface DecisionBarProps {
  readonly submission: Submission;
  readonly task: RequestOutput<'task.get'> | undefined;
  readonly control: DraftControl;
  readonly onDecided: () => void;
}

const group = 'Reviewing';

/** Accept or request changes: a key to choose, words where they are wanted, a key to send. */
export function DecisionBar({ submission, task, control, onDecided }: DecisionBarProps) {
  const { draft } = control;
  const { decision } = draft;
  const [asks, setAsks] = useState<'changes' | 'older' | 'amendment' | null>(null);
  const [isMissing, setIsMissing] = useState(false);
  const barRef = useRef<HTMLDivElement>(null);
  useFoot(barRef);
  const editorRef = useRef<HTMLDivElement>(null);
  // One submission, one decision: a second press in the moment before the next one shows does nothing.
  const isSentRef = useRef(false);
  const firstName = computeFirstName(submission.internName);
  const remarks = listRemarks(draft);
  const hasCriteria = submission.brief.criteria.length > 0;
  const namesCriterion = remarks.some(({ criterionId }) => criterionId !== null);
  const newestRevision = task?.item.newestRevision ?? submission.revision;
  const isNewest = submission.revision >= newestRevision;

  const decide = useAction('review.decide', {
    isInline: true,
    onSuccess: (_, input) => {
      control.clear();
      setAsks(null);
      showToast({
        tone: 'positive',
        title: input.decision === 'accepted' ? 'Accepted' : 'Changes requested',
        description: `${isolate(task?.item.title ?? 'The task')}, revision ${submission.revision}. ${isolate(firstName)} is told as soon as this reaches the server.`,
      });
      onDecided();
    },
  });

  const send = (chosen: Decision, confirmedNotNewest: boolean) => {
    if (isSentRef.current) return;
    isSentRef.current = true;
    const sent = remarks.map(({ criterionId, attachmentId, selectors, text }) => ({
      criterionId,
      attachmentId,
      selectors: [...selectors],
      text,
    }));
    decide.mutate(
      {
        seatId: submission.seatId,
        submissionId: submission.submissionId,
        manifestHash: submission.manifestHash,
        decision: chosen,
        comment: chosen === 'changes_requested' && !hasCriteria ? '' : draft.comment.trim(),
        // Without criteria the instructions are what a change is measured by.
        comments:
          chosen === 'changes_requested' && !hasCriteria
            ? [
                ...sent,
                {
                  kind: 'change',
                  criterionId: null,
                  attachmentId: null,
                  text: draft.comment.trim(),
                },
              ]
            : sent,
        scores: listScores(draft),
        confirmedNotNewest,
      },
      {
        onError: () => {
          isSentRef.current = false;
        },
      },
    );
  };

  const proceed = () => {
    if (decision === 'accepted') {
      if (isNewest) send('accepted', false);
      else setAsks('older');
    } else if (decision === 'changes_requested') {
      const saysNothing = !hasCriteria ? draft.comment.trim() === '' : !namesCriterion;
      setIsMissing(saysNothing);
      if (saysNothing) focusEditor(editorRef.current);
      else setAsks('changes');
    }
  };

  const choose = (next: Decision) => {
    decide.reset();
    setIsMissing(false);
    control.decide(next);
    focusEditor(editorRef.current);
  };

  useEffect(() => {
    if (decision !== null) focusEditor(editorRef.current);
  }, [decision]);

  // Done writing: the keys that decide answer again, and Tab goes on from here.
  useEffect(() => {
    const bar = barRef.current;
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
    };
    bar?.addEventListener('keydown', leave);
    return () => bar?.removeEventListener('keydown', leave);
  }, []);

  useShortcut({ keys: ['A'], label: 'Accept', group }, () => choose('accepted'));
  useShortcut({ keys: ['R'], label: 'Request changes', group }, () => choose('changes_requested'));
  useShortcut({ keys: ['N'], label: 'Propose what is new as an amendment', group }, () =>
    setAsks('amendment'),
  );
  useShortcut(
    { keys: ['Mod', 'Enter'], label: 'Send the decision', group },
    () => {
      if (asks === 'changes') send('changes_requested', false);
      else if (asks === 'older') send('accepted', true);
      // Another dialog, such as the palette, is not this one's to answer.
      else if (!isDialogOpen()) proceed();
    },
    decision !== null,
  );

  const amendment =
    asks === 'amendment' ? (
      <AmendmentFromReview
        submission={submission}
        words={draft.comment.trim()}
        onClose={() => setAsks(null)}
      />
    ) : null;

  if (decision === null) {
    return (
      <div ref={barRef} className={styles.bar}>
        {amendment}
        <div className={styles.choices}>
          <Button variant="primary" keys={['A']} onPress={() => choose('accepted')}>
            Accept
          </Button>
          <Button keys={['R']} onPress={() => choose('changes_requested')}>
            Request changes
          </Button>
          {remarks.length === 0 ? null : (
            <Muted>{formatPlural(remarks.length, 'comment', 'comments')} not sent yet</Muted>
          )}
        </div>
      </div>
    );
  }

  const isAccepting = decision === 'accepted';
  return (
    <div ref={barRef} className={styles.bar}>
      <div ref={editorRef}>
        <MarkdownEditor
          label={isAccepting ? `A word to ${isolate(firstName)} (optional)` : 'What should change?'}
          value={draft.comment}
          onChange={(text) => {
            setIsMissing(false);
            control.writeComment(text);
          }}
          minRows={isAccepting ? 2 : 3}
          placeholder={
            isAccepting
              ? 'What was good about it?'
              : hasCriteria
                ? 'What it comes to, where that needs saying. What should change is said at its criterion: press its number.'
                : 'What is missing, and how you will know that it is right. Comments on files go with it.'
          }
        />
      </div>
      {isMissing ? (
        <p className={styles.problem} role="alert">
          {hasCriteria
            ? 'Say at a criterion what should change, with the button beside it: each change names what it is measured by. What the brief does not ask for yet goes as an amendment to what was agreed, by “Something new…”.'
            : 'Say what should change.'}
        </p>
      ) : null}
      {decide.isError && asks === null ? (
        <ErrorNotice
          error={decide.error}
          title="The decision was not sent. What you typed is kept."
        />
      ) : null}
      <div className={styles.choices}>
        <Button
          variant="primary"
          keys={['Mod', 'Enter']}
          isDisabled={decide.isPending}
          onPress={proceed}
        >
          {isAccepting ? `Accept revision ${submission.revision}` : 'Review and send'}
        </Button>
        <Button onPress={() => choose(isAccepting ? 'changes_requested' : 'accepted')}>
          {isAccepting ? 'Request changes instead' : 'Accept instead'}
        </Button>
        {isAccepting ? null : <Button onPress={() => setAsks('amendment')}>Something new…</Button>}
        <Button variant="quiet" onPress={() => control.decide(null)}>
          Not yet
        </Button>
        {remarks.length === 0 ? null : (
          <Muted>{formatPlural(remarks.length, 'comment goes', 'comments go')} with it</Muted>
        )}
      </div>
      {amendment}
      <ChangesDialog
        isOpen={asks === 'changes'}
        onClose={() => setAsks(null)}
        onSend={() => send('changes_requested', false)}
        isSending={decide.isPending}
        error={decide.error}
        submission={submission}
        draft={draft}
        rounds={
          task === undefined ? undefined : { included: task.roundsIncluded, used: task.roundsUsed }
        }
      />
      <AcceptOlderDialog
        isOpen={asks === 'older'}
        onClose={() => setAsks(null)}
        onAccept={() => send('accepted', true)}
        isSending={decide.isPending}
        error={decide.error}
        revision={submission.revision}
        newestRevision={newestRevision}
      />
    </div>
  );
}

function focusEditor(holder: HTMLElement | null): void {
  holder?.querySelector<HTMLElement>('[contenteditable="true"]')?.focus();
}
