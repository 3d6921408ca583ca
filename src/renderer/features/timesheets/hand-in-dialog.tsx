import { useId, useState } from 'react';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDuration } from '../../format/duration.ts';
import { localZone } from '../../format/locale.ts';
import { Button } from '../../ui/button.tsx';
import { DateField } from '../../ui/date-field.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { Muted, Row, Stack } from '../../ui/stack.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { addWeeks, computeMonday, getToday, listWeekDates } from '../hours/week.ts';
import { describeRounding } from './describe-timesheet.ts';

export interface HandInDialogProps {
  readonly seatId: string;
  readonly onClose: () => void;
  readonly onHandedIn: (timesheetId: string) => void;
}

/** Chooses days of an engagement, shows what they hold, and hands it in. */
export function HandInDialog({ seatId, onClose, onHandedIn }: HandInDialogProps) {
  const formId = useId();
  const monday = computeMonday(getToday(localZone));
  const isEarly = getToday(localZone) === monday;
  const week = listWeekDates(isEarly ? addWeeks(monday, -1) : monday);
  const [from, setFrom] = useState(week[0] ?? monday);
  const [to, setTo] = useState(week.at(-1) ?? monday);
  const [note, setNote] = useState('');
  const [chosenId, setChosenId] = useState<string>();
  const standings = useRequest('hours.budget', { seatId });
  const engagementId = chosenId ?? standings.data?.[0]?.engagementId;
  const of = { from, to };
  const preview = useRequest(
    'timesheet.preview',
    engagementId === undefined || to < from ? undefined : { seatId, engagementId, of },
    { keepsPrevious: true },
  );
  const withdraw = useAction('timesheet.withdraw', { failure: 'Not taken back' });
  const submit = useAction('timesheet.submit', {
    isInline: true,
    onSuccess: ({ timesheetId }) => {
      showToast({
        title: 'Hours handed in',
        tone: 'positive',
        onUndo: () => withdraw.mutate({ seatId, timesheetId }),
      });
      onHandedIn(timesheetId);
      onClose();
    },
  });
  const found = preview.data;
  const isEmpty = found === undefined || found.entries.length === 0;
  return (
    <Dialog
      isOpen
      isForm
      onOpenChange={onClose}
      title="Hand in hours"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            isDisabled={isEmpty || submit.isPending || to < from}
          >
            Hand in
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (engagementId !== undefined && !isEmpty && !submit.isPending)
            submit.mutate({ seatId, engagementId, of, note: note.trim() });
        }}
      >
        <Stack gap={2}>
          {(standings.data?.length ?? 0) > 1 ? (
            <Select
              label="Project"
              options={(standings.data ?? []).map((standing) => ({
                id: standing.engagementId,
                label: standing.projectTitle,
              }))}
              value={engagementId ?? null}
              onChange={setChosenId}
            />
          ) : null}
          <Row gap={2} align="end">
            <DateField label="From" value={from} onChange={setFrom} />
            <DateField
              label="To"
              value={to}
              onChange={setTo}
              {...(to < from ? { error: 'The last day lies before the first.' } : {})}
            />
          </Row>
          {found === undefined ? null : isEmpty ? (
            <Muted>
              Nothing on these days could be handed in: there is no time, or it stands on another
              timesheet already.
            </Muted>
          ) : (
            <output>
              <strong>{formatDuration(found.exactSeconds * 1000)}</strong> in{' '}
              {found.entries.length === 1 ? 'one entry' : `${found.entries.length} entries`}
              {found.rounding === null
                ? '.'
                : `, ${formatDuration(found.roundedSeconds * 1000)} rounded. ${describeRounding(found.rounding)}`}
            </output>
          )}
          {found !== undefined && found.overlapCount > 0 ? (
            <Notice tone="warning" title="Some of it is there twice">
              {found.overlapCount === 1
                ? 'One entry overlaps'
                : `${found.overlapCount} entries overlap`}{' '}
              other time of yours. It can be handed in, and cannot be approved before that is
              resolved.
            </Notice>
          ) : null}
          <TextArea
            label="Note"
            isOptional
            rows={2}
            maxLength={2000}
            value={note}
            onChange={setNote}
          />
          {submit.error === null ? null : (
            <ErrorNotice error={submit.error} title="Not handed in; the time is kept as it is" />
          )}
        </Stack>
      </form>
    </Dialog>
  );
}
