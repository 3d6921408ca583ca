import { useState } from 'react';
import type { Submission } from '../../../shared/contract/shapes.ts';
import { useShortcut } from '../../frame/shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { DualTime } from '../../ui/dual-time.tsx';
import { Muted } from '../../ui/stack.tsx';
import { AnswerDue } from './answer-due.tsx';
import { computeFirstName } from './describe-submission.ts';
import { PromiseDialog } from './promise-dialog.tsx';
import styles from './answer-by.module.css';

export interface AnswerByProps {
  readonly submission: Submission;
  readonly internZone: string | null;
}

/** By when the intern was told that an answer comes, and the way to say so. */
export function AnswerBy({ submission, internZone }: AnswerByProps) {
  const [isAsking, setIsAsking] = useState(false);
  const { answerBy } = submission;
  useShortcut({ keys: ['P'], label: 'Promise an answer', group: 'Reviewing' }, () =>
    setIsAsking(true),
  );
  return (
    <div className={styles.answer}>
      {answerBy === null ? (
        <Muted>{computeFirstName(submission.internName)} does not know yet when you answer.</Muted>
      ) : (
        <p>
          <DualTime instant={answerBy.instant} zone={answerBy.zone} />{' '}
          <AnswerDue instant={answerBy.instant} />
          {answerBy.byName === '' ? null : (
            <>
              <br />
              <Muted>
                promised by <bdi>{answerBy.byName}</bdi>
              </Muted>
            </>
          )}
        </p>
      )}
      <div>
        <Button size="small" keys={['P']} onPress={() => setIsAsking(true)}>
          {answerBy === null ? 'Promise an answer…' : 'Promise another time…'}
        </Button>
      </div>
      {isAsking ? (
        <PromiseDialog
          submission={submission}
          internZone={internZone}
          onClose={() => setIsAsking(false)}
        />
      ) : null}
    </div>
  );
}
