import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Row } from '../../ui/stack.tsx';
import { BriefDiff } from '../tasks/brief-change.tsx';
import styles from '../tasks/brief-change.module.css';
import { ReviseBriefDialog } from './revise-brief-dialog.tsx';
import type { TaskDetails } from './task-dialog.tsx';

/** That the brief was written without having seen another manager's version: what that one changed, and a way to put both together. */
export function ReplacedBrief({ task }: { readonly task: TaskDetails }) {
  const [isShown, setIsShown] = useState(false);
  const [isPuttingTogether, setIsPuttingTogether] = useState(false);
  const { replacedBrief: replaced, brief, item } = task;
  const isOver = item.state === 'accepted' || item.state === 'cancelled';
  if (replaced === null || isOver) return null;
  const { before, theirs, writtenBy, replacedBy } = replaced;
  return (
    <section className={styles.change} aria-label="What the brief leaves out">
      <Notice
        tone="warning"
        title={`Version ${brief.version} leaves out what version ${theirs.version} changed`}
        action={
          <Row gap={0.5}>
            <Button
              size="small"
              variant="quiet"
              aria-expanded={isShown}
              onPress={() => setIsShown(!isShown)}
            >
              {isShown ? 'Hide what it changed' : 'Show what it changed'}
            </Button>
            <Button size="small" onPress={() => setIsPuttingTogether(true)}>
              Put both together…
            </Button>
          </Row>
        }
      >
        <bdi>{replacedBy}</bdi> had not seen version {theirs.version} by <bdi>{writtenBy}</bdi>. The
        intern sees version {brief.version}.
      </Notice>
      {isShown ? <BriefDiff before={before} after={theirs} /> : null}
      {isPuttingTogether ? (
        <ReviseBriefDialog
          task={task}
          takesUp={replaced}
          onClose={() => setIsPuttingTogether(false)}
        />
      ) : null}
    </section>
  );
}
