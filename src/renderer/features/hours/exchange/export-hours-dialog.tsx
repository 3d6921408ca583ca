import { useState } from 'react';
import { useAction } from '../../../client/use-request.ts';
import { formatDuration } from '../../../format/duration.ts';
import { formatPlural } from '../../../format/numbers.ts';
import { Button } from '../../../ui/button.tsx';
import { DateField } from '../../../ui/date-field.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { RadioGroup } from '../../../ui/radio-group.tsx';
import { Select } from '../../../ui/select.tsx';
import { Row, Stack } from '../../../ui/stack.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { downloadExport } from '../../history/download-export.ts';
import styles from './exchange.module.css';

type Format = 'csv' | 'ics' | 'html';

const formats: readonly {
  readonly id: Format;
  readonly label: string;
  readonly description: string;
}[] = [
  {
    id: 'csv',
    label: 'CSV, for a spreadsheet',
    description: 'Every stretch with its zone, exact hours and hours as the terms round them',
  },
  {
    id: 'ics',
    label: 'iCalendar, for a calendar',
    description: 'Every stretch as an event of its length',
  },
  {
    id: 'html',
    label: 'Timesheet, to print',
    description: 'A page by days with totals and room for two signatures',
  },
];

const everything = 'all';

export interface ExportHoursDialogProps {
  /** Undefined: an intern's hours over all organizations. */
  readonly seatId: string | undefined;
  readonly engagements: readonly { readonly engagementId: string; readonly label: string }[];
  /** The days that are on screen, both included. */
  readonly from: string;
  readonly to: string;
  readonly onClose: () => void;
}

/** The hours of exactly the chosen days in one file. */
export function ExportHoursDialog({
  seatId,
  engagements,
  from,
  to,
  onClose,
}: ExportHoursDialogProps) {
  const [range, setRange] = useState({ from, to });
  const [engagementId, setEngagementId] = useState(everything);
  const [format, setFormat] = useState<Format>('csv');
  const run = useAction('hours.export', {
    isInline: true,
    onSuccess: ({ fileName, entries, seconds }) => {
      downloadExport(fileName);
      showToast({
        tone: 'positive',
        title: `${formatPlural(entries, 'entry', 'entries')} exported, ${formatDuration(seconds * 1000)}`,
        description: fileName,
      });
      onClose();
    },
  });
  const isTurned = range.from !== '' && range.to !== '' && range.to < range.from;
  const isReady = range.from !== '' && range.to !== '' && !isTurned && !run.isPending;
  return (
    <Dialog
      isOpen
      isForm
      onOpenChange={onClose}
      title="Export hours"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={!isReady}
            onPress={() =>
              run.mutate({
                ...(seatId === undefined ? {} : { seatId }),
                ...(engagementId === everything ? {} : { engagementId }),
                ...range,
                format,
              })
            }
          >
            Export
          </Button>
        </>
      }
    >
      <Stack gap={3}>
        <Row gap={2} align="start">
          <DateField
            label="First day"
            value={range.from}
            onChange={(value) => setRange({ ...range, from: value })}
          />
          <DateField
            label="Last day"
            value={range.to}
            onChange={(value) => setRange({ ...range, to: value })}
            {...(isTurned ? { error: 'The last day lies before the first one.' } : {})}
          />
        </Row>
        {engagements.length < 2 ? null : (
          <Select
            label="Of"
            options={[
              { id: everything, label: 'All engagements' },
              ...engagements.map(({ engagementId: id, label }) => ({ id, label })),
            ]}
            value={engagementId}
            onChange={setEngagementId}
          />
        )}
        <RadioGroup<Format> label="As" options={formats} value={format} onChange={setFormat} />
        <p className={styles.quiet}>
          What runs across the midnight at either end counts with the part that lies within these
          days.
        </p>
        {run.error === null ? null : <ErrorNotice error={run.error} title="Nothing was exported" />}
      </Stack>
    </Dialog>
  );
}
