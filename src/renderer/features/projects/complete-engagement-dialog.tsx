import type { Engagement } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Consequences } from './consequences.tsx';
import { describePay } from './describe-project.ts';

export interface CompleteEngagementDialogProps {
  readonly engagement: Engagement;
  readonly onClose: () => void;
}

/** Ends an engagement well. It cannot be undone, so it says what is still open. */
export function CompleteEngagementDialog({ engagement, onClose }: CompleteEngagementDialogProps) {
  const { seatId, engagementId, intern, taskCount, acceptedCount, pay } = engagement;
  const complete = useAction('engagement.complete', {
    isInline: true,
    onSuccess: () => {
      showToast({
        tone: 'positive',
        title: `${isolate(intern.name)}’s work is complete`,
        description: 'Evaluate it while it is fresh. The bundle can be exported under Bundles.',
      });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`Complete ${isolate(intern.name)}’s engagement?`}
      size="small"
      isAlert
      footer={
        <>
          <Button onPress={onClose}>Not yet</Button>
          <Button
            variant="primary"
            isDisabled={complete.isPending}
            onPress={() => complete.mutate({ seatId, engagementId })}
          >
            Complete it
          </Button>
        </>
      }
    >
      <Consequences seatId={seatId} engagementId={engagementId} ending="complete" />
      <p>
        {acceptedCount} of {formatPlural(taskCount, 'task is', 'tasks are')} accepted.
        {pay.kind === 'fixed' ? ` Agreed pay: ${describePay(pay)}.` : ''} Completing cannot be
        undone; everything stays readable for both of you.
      </p>
      {complete.isError ? <ErrorNotice error={complete.error} title="Not completed" /> : null}
    </Dialog>
  );
}
