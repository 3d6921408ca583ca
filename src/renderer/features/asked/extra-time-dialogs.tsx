import { useState } from 'react';
import type { ExtensionRequest } from '../../../shared/contract/shapes.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { TextArea } from '../../ui/text-field.tsx';
import { TaskFormDialog } from '../projects/task-dialog.tsx';
import type { Task } from '../tasks/use-task.ts';
import { computeExtraTime, ExtraTimeFields, isNoTime } from './extra-time-fields.tsx';

interface DialogProps {
  readonly task: Task;
  readonly onClose: () => void;
}

export interface RequestTimeDialogProps extends DialogProps {
  /** It is the changed brief that needs it. */
  readonly isForBrief?: boolean;
}

/** The intern asks; the deadline stands until the employer has answered. */
export function RequestTimeDialog({ task, onClose, isForBrief = false }: RequestTimeDialogProps) {
  const { seatId, taskId, organizationName } = task.item;
  const [extra, setExtra] = useState({ days: 1, hours: 0 });
  const [reason, setReason] = useState(
    isForBrief ? `Version ${task.brief.version} of the brief asks for more.` : '',
  );
  const [wasTried, setWasTried] = useState(false);
  const ask = useAction('extension.request', { isInline: true, onSuccess: onClose });
  const asked = computeExtraTime(extra);
  const submit = () => {
    setWasTried(true);
    if (!isNoTime(asked) && reason.trim() !== '')
      ask.mutate({ seatId, taskId, ...asked, reason: reason.trim(), isForBrief });
  };
  return (
    <TaskFormDialog
      title="Ask for more time"
      submitLabel="Ask for it"
      onSubmit={submit}
      onClose={onClose}
      isSaving={ask.isPending}
      error={ask.error}
      size="small"
    >
      <ExtraTimeFields
        task={task}
        isIntern
        value={extra}
        onChange={setExtra}
        wasTried={wasTried}
        error={ask.error}
      />
      <TextArea
        label="Why"
        description={`${isolate(organizationName)} reads it. Until they answer, the deadline stands.`}
        value={reason}
        onChange={setReason}
        rows={3}
        maxLength={2000}
        error={
          wasTried && reason.trim() === ''
            ? 'Say why, so that they can decide.'
            : describeFieldError(ask.error, 'reason')
        }
      />
    </TaskFormDialog>
  );
}

export interface AnswerTimeDialogProps extends DialogProps {
  readonly request: ExtensionRequest;
}

/** As much as was asked for, or another amount. */
export function GrantTimeDialog({ task, request, onClose }: AnswerTimeDialogProps) {
  const { seatId } = task.item;
  const { requestId } = request;
  const [extra, setExtra] = useState({ days: request.days, hours: request.minutes / 60 });
  const [wasTried, setWasTried] = useState(false);
  const grant = useAction('extension.grant', { isInline: true, onSuccess: onClose });
  const given = computeExtraTime(extra);
  const submit = () => {
    setWasTried(true);
    if (!isNoTime(given)) grant.mutate({ seatId, requestId, ...given });
  };
  return (
    <TaskFormDialog
      title="Give extra time"
      submitLabel="Give it"
      onSubmit={submit}
      onClose={onClose}
      isSaving={grant.isPending}
      error={grant.error}
      size="small"
    >
      <blockquote>{request.reason}</blockquote>
      <ExtraTimeFields
        task={task}
        isIntern={false}
        value={extra}
        onChange={setExtra}
        wasTried={wasTried}
        error={grant.error}
      />
    </TaskFormDialog>
  );
}

export function DeclineTimeDialog({ task, request, onClose }: AnswerTimeDialogProps) {
  const { seatId, internName } = task.item;
  const { requestId } = request;
  const [reason, setReason] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const decline = useAction('extension.decline', { isInline: true, onSuccess: onClose });
  const submit = () => {
    setWasTried(true);
    if (reason.trim() !== '') decline.mutate({ seatId, requestId, reason: reason.trim() });
  };
  return (
    <TaskFormDialog
      title="Decline the request for more time"
      submitLabel="Decline"
      leaveLabel="Back"
      onSubmit={submit}
      onClose={onClose}
      isSaving={decline.isPending}
      error={decline.error}
      size="small"
    >
      <TextArea
        label="Why"
        description={`${isolate(internName)} reads it. The deadline stays as it is.`}
        value={reason}
        onChange={setReason}
        rows={3}
        maxLength={2000}
        error={
          wasTried && reason.trim() === ''
            ? `Say why, so that ${isolate(internName)} can plan.`
            : describeFieldError(decline.error, 'reason')
        }
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one field of a dialog that was just opened.
        autoFocus
      />
    </TaskFormDialog>
  );
}
