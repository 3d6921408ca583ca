import type { Seat } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Stack } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';

/** What leaving an organization means, before it is done. */
export function LeaveDialog({
  seat,
  onClose,
}: {
  readonly seat: Seat;
  readonly onClose: () => void;
}) {
  const leave = useAction('people.leave', {
    isInline: true,
    onSuccess: () => {
      onClose();
      showToast({ title: `You have left ${seat.organizationName}` });
    },
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`Leave ${seat.organizationName}?`}
      size="small"
      isAlert
      footer={
        <>
          <Button onPress={onClose}>Stay</Button>
          <Button
            variant="danger"
            isPending={leave.isPending}
            onPress={() => leave.mutate({ seatId: seat.seatId })}
          >
            Leave
          </Button>
        </>
      }
    >
      <Stack gap={1}>
        <p>
          {seat.role === 'intern'
            ? 'Your engagements that are under way end. What you handed in and the hours you worked stay with the organization; drafts and what was not sent stay on this computer, with export.'
            : 'Everything that you have written, assigned and decided stays with the organization.'}
        </p>
        <p>You can come back with a new invitation only.</p>
      </Stack>
      {leave.isError ? <ErrorNotice error={leave.error} title="You have not left" /> : null}
    </Dialog>
  );
}
