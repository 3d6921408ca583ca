import { useState } from 'react';
import { useRequest } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Row } from '../../ui/stack.tsx';
import { AmendmentDialog } from '../agreement/amendment-dialog.tsx';
import type { Task } from '../tasks/use-task.ts';
import { RequestTimeDialog } from './extra-time-dialogs.tsx';

/** A brief that changed was seen: whether the deadline and the hours still do. */
export function BriefNeeds({
  task,
  onClose,
}: {
  readonly task: Task;
  readonly onClose: () => void;
}) {
  const { seatId, taskId, engagementId, organizationName } = task.item;
  const [choice, setChoice] = useState<'time' | 'hours'>();
  const engagement = useRequest('engagement.get', { seatId, engagementId }).data?.engagement;
  return (
    <>
      <Notice
        tone="accent"
        title="Does this need more time or hours?"
        action={
          <Row gap={0.5}>
            <Button size="small" variant="quiet" onPress={onClose} data-focus-when-empty>
              It fits
            </Button>
            <Button size="small" onPress={() => setChoice('time')}>
              More time…
            </Button>
            <Button
              size="small"
              isDisabled={engagement === undefined}
              onPress={() => setChoice('hours')}
            >
              More hours…
            </Button>
          </Row>
        }
      >
        Version {task.brief.version} may be more work than the one before.
      </Notice>
      {choice === 'time' ? <RequestTimeDialog task={task} isForBrief onClose={onClose} /> : null}
      {choice === 'hours' && engagement !== undefined ? (
        <AmendmentDialog
          engagement={engagement}
          otherSide={organizationName}
          taskId={taskId}
          title="Propose more hours"
          initial={{
            reason: `Version ${task.brief.version} of “${task.item.title}” asks for more.`,
          }}
          onClose={onClose}
        />
      ) : null}
    </>
  );
}
