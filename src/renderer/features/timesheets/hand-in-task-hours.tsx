import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDuration } from '../../format/duration.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Row } from '../../ui/stack.tsx';

/** With the work its hours: what was recorded for the task and stands on no timesheet yet. */
export function HandInTaskHours({
  seatId,
  engagementId,
  taskId,
  submissionId,
}: {
  readonly seatId: string;
  readonly engagementId: string;
  readonly taskId: string;
  readonly submissionId: string;
}) {
  const preview = useRequest('timesheet.preview', { seatId, engagementId, of: { taskId } });
  const submit = useAction('timesheet.submit', { failure: 'The hours were not handed in' });
  if (submit.isSuccess)
    return <Notice tone="positive" title="Its hours are handed in for approval, too" />;
  if (preview.data === undefined || preview.data.entries.length === 0) return null;
  return (
    <Row isSpread>
      <span>
        {formatDuration(preview.data.exactSeconds * 1000)} of this task wait to be approved.
      </span>
      <Button
        size="small"
        isDisabled={submit.isPending}
        onPress={() => submit.mutate({ seatId, engagementId, of: { taskId, submissionId } })}
      >
        Hand in its hours, too
      </Button>
    </Row>
  );
}
