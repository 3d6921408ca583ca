import type { RunningTimer } from '../../shared/contract/shapes.ts';
import { useAction } from '../client/use-request.ts';
import { formatDuration } from '../format/duration.ts';
import { formatDay, formatTime } from '../format/date-time.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Row } from '../ui/stack.tsx';

/** The timer was running while the program was not: only the person knows whether they worked. */
export function TimerGap({ timer }: { readonly timer: RunningTimer }) {
  const resolve = useAction('timer.resolveGap');
  if (timer.gap === null) return null;
  const { lastSeenAt, resumedAt } = timer.gap;
  const gapMs = Date.parse(resumedAt) - Date.parse(lastSeenAt);
  return (
    <Notice
      tone="warning"
      title={`Were you working on “${timer.taskTitle}” meanwhile?`}
      isLive
      action={
        <Row>
          <Button
            size="small"
            isDisabled={resolve.isPending}
            onPress={() => resolve.mutate({ decision: 'keep_all' })}
          >
            Yes, count it
          </Button>
          <Button
            size="small"
            isDisabled={resolve.isPending}
            onPress={() => resolve.mutate({ decision: 'keep_until_last_seen' })}
          >
            Count until {formatTime(lastSeenAt)}
          </Button>
          <Button
            size="small"
            variant="danger"
            isDisabled={resolve.isPending}
            onPress={() => resolve.mutate({ decision: 'discard' })}
          >
            Discard the timer
          </Button>
        </Row>
      }
    >
      The timer ran on while Stint was closed or the computer slept: from {formatDay(lastSeenAt)}{' '}
      {formatTime(lastSeenAt)} to {formatTime(resumedAt)}, {formatDuration(gapMs)}.
    </Notice>
  );
}
