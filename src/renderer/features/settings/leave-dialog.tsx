import { useState } from 'react';
import { Download } from 'lucide-react';
import type { Seat } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { useConnection } from '../../client/connection.ts';
import { computeSyncHeadline } from '../../frame/sync-headline.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Stack } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';

export interface LeaveDialogProps {
  readonly seat: Seat;
  readonly isExporting: boolean;
  readonly onExport: () => void;
  readonly onClose: () => void;
}

/** What leaving an organization means, before it is done: what is unsent, what stays there and why, what can be asked. */
export function LeaveDialog({ seat, isExporting, onExport, onClose }: LeaveDialogProps) {
  const [asksErasure, setAsksErasure] = useState(false);
  const connection = useConnection();
  const leave = useAction('people.leave', {
    isInline: true,
    onSuccess: () => {
      onClose();
      showToast({
        title: `You have left ${isolate(seat.organizationName)}`,
        ...(asksErasure
          ? { description: 'Its owners see that you ask for your data to be erased' }
          : {}),
      });
    },
  });
  const hasUnsent = seat.sync.waitingChanges > 0 || seat.sync.waitingBytes > 0;
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`Leave ${isolate(seat.organizationName)}?`}
      size="small"
      isAlert
      footer={
        <>
          <Button icon={<Download />} isPending={isExporting} onPress={onExport}>
            Export my data
          </Button>
          <Button onPress={onClose}>Stay</Button>
          <Button
            variant="danger"
            isPending={leave.isPending}
            onPress={() => leave.mutate({ seatId: seat.seatId, asksErasure })}
          >
            Leave
          </Button>
        </>
      }
    >
      <Stack gap={2}>
        {hasUnsent ? (
          <Notice tone="warning" title="Not everything is sent">
            {computeSyncHeadline(seat.sync, connection).text}. What is sent before you leave counts;
            the rest stays on this computer, with export, and the organization does not have it.
          </Notice>
        ) : null}
        <p>
          {seat.role === 'intern'
            ? 'Your engagements that are under way end. What you handed in and the hours you worked stay with the organization, which needs them as proof of the work and for its books; drafts and what was not sent stay on this computer, with export.'
            : 'Everything that you have written, assigned and decided stays with the organization, which needs it as proof of what was agreed.'}
        </p>
        <p>
          {seat.role === 'owner'
            ? 'The last owner among others cannot leave; whoever is alone can, and then nobody gets in any more. '
            : ''}
          You can come back with a new invitation only.
        </p>
        <Checkbox
          isSelected={asksErasure}
          onChange={setAsksErasure}
          description="Its owners see that you ask. They take your name, address and drafts out; work, hours and pay stay under no name."
        >
          Ask for my data to be erased
        </Checkbox>
        {leave.isError ? <ErrorNotice error={leave.error} title="You have not left" /> : null}
      </Stack>
    </Dialog>
  );
}
