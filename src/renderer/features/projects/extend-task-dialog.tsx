import { useState } from 'react';
import { computeDeadlineInstant } from '../../../shared/domain/deadline.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { DualTime } from '../../ui/dual-time.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import styles from './form.module.css';
import { TaskFormDialog, type TaskDialogProps } from './task-dialog.tsx';

const orZero = (value: number) => (Number.isNaN(value) ? 0 : value);

/** Extra time is added in wall time: one more day is the same hour a day later (SY-19). */
export function ExtendTaskDialog({ task, onClose }: TaskDialogProps) {
  const { seatId, taskId, due } = task.item;
  const [days, setDays] = useState(1);
  const [hours, setHours] = useState(0);
  const [reason, setReason] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const extend = useAction('task.extend', { isInline: true, onSuccess: onClose });
  const extension = { days: orZero(days), minutes: Math.round(orZero(hours) * 60) };
  const isNothing = extension.days === 0 && extension.minutes === 0;

  const submit = () => {
    setWasTried(true);
    if (!isNothing) extend.mutate({ seatId, taskId, ...extension, reason: reason.trim() });
  };

  return (
    <TaskFormDialog
      title="Give extra time"
      submitLabel="Give it"
      onSubmit={submit}
      onClose={onClose}
      isSaving={extend.isPending}
      error={extend.error}
      size="small"
    >
      <div className={styles.pair}>
        <NumberField
          label="Days"
          value={days}
          onChange={setDays}
          minValue={0}
          maxValue={365}
          error={
            wasTried && isNothing
              ? 'Give at least some time.'
              : describeFieldError(extend.error, 'days')
          }
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
          autoFocus
        />
        <NumberField
          label="Hours"
          value={hours}
          onChange={setHours}
          minValue={0}
          maxValue={23}
          step={0.5}
          error={describeFieldError(extend.error, 'minutes')}
        />
      </div>
      <output>
        Due then:{' '}
        <DualTime
          instant={computeDeadlineInstant({ wall: due.wall, zone: due.zone }, [extension])}
          zone={due.zone}
        />
      </output>
      <TextArea
        label="Why"
        isOptional
        value={reason}
        onChange={setReason}
        rows={2}
        maxLength={2000}
        error={describeFieldError(extend.error, 'reason')}
      />
    </TaskFormDialog>
  );
}
