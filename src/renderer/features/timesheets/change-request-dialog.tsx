import { useId, useState } from 'react';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { describeFieldError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { localZone } from '../../format/locale.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { DateField, TimeField } from '../../ui/date-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Muted, Row, Stack } from '../../ui/stack.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { computeStretch, createKnownStretch } from '../hours/stretch-form.ts';

/** Approved time is not changed, it is asked about: with the reason that the employer reads. */
export function ChangeRequestDialog({
  entry,
  onClose,
}: {
  readonly entry: TimeEntry;
  readonly onClose: () => void;
}) {
  const formId = useId();
  const { seatId, timeEntryId } = entry;
  const [known] = useState(() => createKnownStretch(entry, localZone));
  const first = known.form;
  const [form, setForm] = useState(first);
  const [note, setNote] = useState(entry.note);
  const [isDeleted, setIsDeleted] = useState(false);
  const [reason, setReason] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const withdraw = useAction('timeChange.withdraw', { failure: 'Not taken back' });
  const ask = useAction('hours.requestChange', {
    isInline: true,
    onSuccess: ({ requestId }) => {
      showToast({
        title: 'The employer will be asked',
        description: 'Nothing changes before the answer.',
        onUndo: () => withdraw.mutate({ seatId, requestId }),
      });
      onClose();
    },
  });
  const isMoved = form.date !== first.date || form.start !== first.start || form.end !== first.end;
  const stretch = computeStretch({ ...form, duration: '', endsBy: 'end' }, localZone, known);
  const isNothing = !isDeleted && !isMoved && note.trim() === entry.note;
  const submit = () => {
    setWasTried(true);
    if (reason.trim() === '' || isNothing || ask.isPending || (isMoved && !stretch.ok)) return;
    ask.mutate({
      seatId,
      reason: reason.trim(),
      change: isDeleted
        ? { kind: 'delete', timeEntryId }
        : {
            kind: 'edit',
            timeEntryId,
            patch: {
              ...(isMoved && stretch.ok
                ? { startedAt: stretch.startedAt, endedAt: stretch.endedAt }
                : {}),
              ...(note.trim() === entry.note ? {} : { note: note.trim() }),
            },
          },
    });
  };
  return (
    <Dialog
      isOpen
      isForm
      onOpenChange={onClose}
      title="Ask to change approved time"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={formId} isDisabled={ask.isPending}>
            Ask
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap={2}>
          <Muted>This time is approved. It stays as it is until the employer accepts.</Muted>
          <TextArea
            label="Why"
            rows={2}
            maxLength={2000}
            value={reason}
            onChange={setReason}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
            autoFocus
            error={
              wasTried && reason.trim() === ''
                ? 'Say why; the employer reads it.'
                : describeFieldError(ask.error, 'reason')
            }
          />
          <Row gap={2} align="end">
            <DateField
              label="Day"
              value={form.date}
              isDisabled={isDeleted}
              onChange={(date) => setForm({ ...form, date })}
            />
            <TimeField
              label="From"
              value={form.start}
              isDisabled={isDeleted}
              onChange={(start) => setForm({ ...form, start })}
            />
            <TimeField
              label="To"
              value={form.end}
              isDisabled={isDeleted}
              onChange={(end) => setForm({ ...form, end })}
              {...(wasTried && isMoved && !stretch.ok ? { error: stretch.problem } : {})}
            />
          </Row>
          <TextArea
            label="Note"
            isOptional
            rows={2}
            maxLength={2000}
            isDisabled={isDeleted}
            value={note}
            onChange={setNote}
          />
          <Checkbox isSelected={isDeleted} onChange={setIsDeleted}>
            This time should not count at all
          </Checkbox>
          {wasTried && isNothing ? <p role="alert">Nothing would change yet.</p> : null}
          {ask.error === null ? null : (
            <ErrorNotice error={ask.error} title="Not asked. What you typed is still here." />
          )}
        </Stack>
      </form>
    </Dialog>
  );
}
