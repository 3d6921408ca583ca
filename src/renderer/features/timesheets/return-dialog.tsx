import { useId, useState } from 'react';
import type { Timesheet } from '../../../shared/contract/hours-requests.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction } from '../../client/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Stack } from '../../ui/stack.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { type CommentTexts, ReturnComments } from './return-comments.tsx';

/** Returns a timesheet: why, and what about which entry. What is typed stays when the intern changes it meanwhile. */
export function ReturnDialog({
  sheet,
  onClose,
}: {
  readonly sheet: Timesheet;
  readonly onClose: () => void;
}) {
  const formId = useId();
  const { seatId, timesheetId, internName } = sheet.item;
  const [note, setNote] = useState('');
  const [texts, setTexts] = useState<CommentTexts>({});
  const [hashAtFirst] = useState(sheet.contentHash);
  const comments = sheet.entries
    .map(({ entry: { timeEntryId } }) => ({ timeEntryId, text: (texts[timeEntryId] ?? '').trim() }))
    .filter(({ text }) => text !== '');
  const isSilent = note.trim() === '' && comments.length === 0;
  const [wasTried, setWasTried] = useState(false);
  const decide = useAction('timesheet.decide', {
    isInline: true,
    onSuccess: () => {
      showToast({ title: `Returned to ${isolate(internName)}` });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      isForm
      size="large"
      onOpenChange={onClose}
      title="Return the timesheet"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={formId} isDisabled={decide.isPending}>
            Return it
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setWasTried(true);
          if (!isSilent && !decide.isPending)
            decide.mutate({
              seatId,
              timesheetId,
              decision: 'returned',
              note: note.trim(),
              comments,
              contentHash: sheet.contentHash,
            });
        }}
      >
        <Stack gap={2}>
          {sheet.contentHash === hashAtFirst ? null : (
            <Notice
              tone="warning"
              title={`${isolate(internName)} has changed this timesheet meanwhile`}
              isLive
            >
              Below it stands as it is now, and what you typed is still here. A comment on an entry
              that is on it no more is left out.
            </Notice>
          )}
          <TextArea
            label="What has to be different"
            rows={2}
            maxLength={2000}
            value={note}
            onChange={setNote}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first field of a dialog that was just opened.
            autoFocus
            {...(wasTried && isSilent
              ? {
                  error: `Say what is missing, here or beside an entry; ${isolate(internName)} reads it.`,
                }
              : {})}
          />
          <ReturnComments
            sheet={sheet}
            texts={texts}
            onChange={(timeEntryId, text) =>
              setTexts((before) => ({ ...before, [timeEntryId]: text }))
            }
          />
          {decide.error === null ? null : (
            <ErrorNotice error={decide.error} title="Not returned. What you typed is still here." />
          )}
        </Stack>
      </form>
    </Dialog>
  );
}
