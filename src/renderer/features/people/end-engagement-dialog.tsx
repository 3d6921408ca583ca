import type { Engagement } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Consequences } from '../projects/consequences.tsx';

export interface EndEngagementDialogProps {
  readonly engagement: Engagement;
  readonly onClose: () => void;
}

export function EndEngagementDialog({ engagement, onClose }: EndEngagementDialogProps) {
  const { seatId, engagementId, intern } = engagement;
  const end = useAction('engagement.withdraw', { isInline: true, onSuccess: onClose });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`End ${isolate(intern.name)}’s engagement early?`}
      size="small"
      isAlert
      footer={
        <>
          <Button onPress={onClose}>Keep it going</Button>
          <Button
            variant="danger"
            isDisabled={end.isPending}
            onPress={() => end.mutate({ seatId, engagementId })}
          >
            End it
          </Button>
        </>
      }
    >
      <Consequences seatId={seatId} engagementId={engagementId} ending="withdraw" />
      <p>
        <bdi>{intern.name}</bdi> stops seeing the tasks and keeps a copy of work that was not sent.
        What was handed in and the hours worked stay with you. It cannot be undone.
      </p>
      {end.isError ? <ErrorNotice error={end.error} title="Not ended" /> : null}
    </Dialog>
  );
}
