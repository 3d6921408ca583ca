import type { Submission } from '../../../shared/contract/shapes.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useCopyText } from '../../ui/use-copy-text.tsx';
import { describePlace } from './describe-place.ts';
import { Remark } from './remark.tsx';
import { listRemarks, type DraftControl } from './review-draft.ts';
import styles from './submission-view.module.css';

export interface KeptDraftProps {
  readonly submission: Submission;
  readonly control: DraftControl;
}

/** What was being written when somebody else decided: it is not sent any more, and not lost either. */
export function KeptDraft({ submission, control }: KeptDraftProps) {
  const { copyText, fallback } = useCopyText();
  const { comment } = control.draft;
  const remarks = listRemarks(control.draft);
  if (comment.trim() === '' && remarks.length === 0) return null;
  const parts = [
    ...(comment.trim() === '' ? [] : [{ id: 'comment', by: 'On the whole', text: comment.trim() }]),
    ...remarks.map(({ key, ...remark }) => ({
      id: key,
      by: describePlace(submission, remark),
      text: remark.text,
    })),
  ];
  return (
    <Notice
      tone="accent"
      title="The decision was made while you were writing"
      action={
        <Button
          size="small"
          onPress={() =>
            copyText(parts.map(({ by, text }) => `${by}: ${text}`).join('\n\n'), 'What you wrote')
          }
        >
          Copy it
        </Button>
      }
    >
      <div className={styles.kept}>
        <p>What you wrote was not sent, and is kept here until this window is closed.</p>
        {parts.map(({ id, by, text }) => (
          <Remark key={id} by={by} text={text} />
        ))}
        <Button size="small" variant="quiet" onPress={control.clear}>
          Throw it away
        </Button>
        {fallback}
      </div>
    </Notice>
  );
}
