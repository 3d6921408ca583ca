import { useState } from 'react';
import type { RunningTimer } from '../../shared/contract/shapes.ts';
import { isolate } from '../../shared/domain/isolate.ts';
import { useAction } from '../client/use-request.ts';
import { formatDuration } from '../format/duration.ts';
import { formatDay, formatTime } from '../format/date-time.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Row } from '../ui/stack.tsx';
import { showToast } from '../ui/toast.tsx';
import { describeAway } from './describe-away.ts';
import { SplitGapDialog } from './split-gap-dialog.tsx';

/** The timer was running while the program was not: only the person knows whether they worked. */
export function TimerGap({ timer }: { readonly timer: RunningTimer }) {
  const resolve = useAction('timer.resolveGap');
  const bringBack = useAction('hours.add', { failure: 'The time did not come back' });
  const [isSplitting, setIsSplitting] = useState(false);
  if (timer.gap === null) return null;
  const { lastSeenAt, resumedAt, kind } = timer.gap;
  const discard = () =>
    resolve.mutate(
      { decision: 'discard' },
      { onSuccess: () => offerToBringBack(timer, bringBack.mutate) },
    );
  return (
    <Notice
      tone="warning"
      title={`Were you working on “${isolate(timer.taskTitle)}” meanwhile?`}
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
          <Button size="small" isDisabled={resolve.isPending} onPress={() => setIsSplitting(true)}>
            Count parts…
          </Button>
          <Button size="small" variant="danger" isDisabled={resolve.isPending} onPress={discard}>
            Discard the timer
          </Button>
        </Row>
      }
    >
      {describeAway({ kind, startedAt: lastSeenAt, endedAt: resumedAt })} The timer has counted{' '}
      {formatDuration(timer.elapsedSeconds * 1000)} beside it, since {formatDay(timer.startedAt)}{' '}
      {formatTime(timer.startedAt)}.
      {isSplitting ? (
        <SplitGapDialog
          taskTitle={timer.taskTitle}
          stretch={{ startedAt: lastSeenAt, endedAt: resumedAt }}
          isPending={resolve.isPending}
          error={resolve.error}
          onClose={() => setIsSplitting(false)}
          onSplit={(stretches) =>
            resolve.mutate(
              { decision: 'split', stretches },
              { onSuccess: () => setIsSplitting(false) },
            )
          }
        />
      ) : null}
    </Notice>
  );
}

/** What had been counted can be had back, as time by hand: its length is known, and the person may change their mind. */
function offerToBringBack(
  timer: RunningTimer,
  bringBack: (entry: {
    seatId: string;
    taskId: string;
    startedAt: string;
    endedAt: string;
    note: string;
  }) => void,
): void {
  const { seatId, taskId, startedAt, note, elapsedSeconds } = timer;
  if (elapsedSeconds < 1) return;
  showToast({
    title: `Timer discarded: ${formatDuration(elapsedSeconds * 1000)} were not recorded`,
    onUndo: () =>
      bringBack({
        seatId,
        taskId,
        startedAt,
        endedAt: new Date(Date.parse(startedAt) + elapsedSeconds * 1000).toISOString(),
        note,
      }),
  });
}
