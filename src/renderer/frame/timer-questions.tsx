import { useEffect, useState } from 'react';
import { isolate } from '../../shared/domain/isolate.ts';
import { useAction, useRequest } from '../client/use-request.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { Row } from '../ui/stack.tsx';
import { describeAway } from './describe-away.ts';
import { SplitGapDialog } from './split-gap-dialog.tsx';

/** What only the person can say of their time, one question after the other. */
export function TimerQuestions() {
  useVisibility();
  const questions = useRequest('timer.questions', {});
  const answer = useAction('timer.answer', { failure: 'Not answered yet; nothing was changed' });
  const [splitId, setSplitId] = useState<string>();
  const question = questions.data?.[0];
  if (question === undefined) return null;
  const { seatId, questionId, kind, taskTitle } = question;
  const isGap = kind === 'not_running' || kind === 'asleep';
  const say = (counted: 'all' | 'none') => answer.mutate({ seatId, questionId, counted });
  const others = (questions.data?.length ?? 1) - 1;
  return (
    <Notice
      tone={isGap ? 'warning' : 'neutral'}
      title={
        isGap
          ? `Were you working on “${isolate(taskTitle)}” then?`
          : `Was that time work on “${isolate(taskTitle)}”?`
      }
      isLive
      action={
        <Row>
          <Button size="small" isDisabled={answer.isPending} onPress={() => say('all')}>
            {isGap ? 'Yes, count it' : 'Yes, keep it'}
          </Button>
          {isGap ? (
            <Button
              size="small"
              isDisabled={answer.isPending}
              onPress={() => setSplitId(questionId)}
            >
              Count parts…
            </Button>
          ) : null}
          <Button size="small" isDisabled={answer.isPending} onPress={() => say('none')}>
            {isGap ? 'No' : 'No, take it out'}
          </Button>
        </Row>
      }
    >
      {describeAway(question)}
      {others > 0 ? ` ${others} more to answer.` : null}
      {splitId === questionId ? (
        <SplitGapDialog
          taskTitle={taskTitle}
          stretch={question}
          isPending={answer.isPending}
          error={answer.error}
          onClose={() => setSplitId(undefined)}
          onSplit={(counted) =>
            answer.mutate(
              { seatId, questionId, counted },
              { onSuccess: () => setSplitId(undefined) },
            )
          }
        />
      ) : null}
    </Notice>
  );
}

/** Tells the engine for how long the page was out of sight; the engine decides whether that is worth a question. */
function useVisibility(): void {
  const { mutate: note } = useAction('timer.noteHidden', { isInline: true });
  useEffect(() => {
    let hiddenAtMs = document.hidden ? performance.now() : undefined;
    const look = () => {
      if (document.hidden) {
        hiddenAtMs ??= performance.now();
        return;
      }
      if (hiddenAtMs === undefined) return;
      const hiddenSeconds = Math.floor((performance.now() - hiddenAtMs) / 1000);
      hiddenAtMs = undefined;
      if (hiddenSeconds >= 60) note({ hiddenSeconds });
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [note]);
}
