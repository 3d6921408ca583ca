import type { EntryEvent } from '../../../shared/contract/hours-requests.ts';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './timesheets.module.css';

const fieldNames: Record<NonNullable<EntryEvent['field']>, string> = {
  startedAt: 'beginning',
  endedAt: 'end',
  note: 'note',
  task: 'task',
};

/** Everything that was done to one entry, newest first: the same for both sides. */
export function EntryHistoryDialog({
  entry,
  onClose,
}: {
  readonly entry: TimeEntry;
  readonly onClose: () => void;
}) {
  const { seatId, timeEntryId, zone } = entry;
  const history = useRequest('hours.history', { seatId, timeEntryId });
  return (
    <Dialog isOpen onOpenChange={onClose} title="What was done to this entry">
      {history.isError ? (
        <ErrorNotice error={history.error} onRetry={() => void history.refetch()} />
      ) : history.data === undefined ? (
        <Skeleton lines={3} label="Fetching its history" />
      ) : (
        <ol className={styles.history}>
          {history.data.map((event, index) => (
            <li key={`${event.at}${event.kind}${event.field ?? ''}${index}`}>
              {describe(event, entry, zone)}
              <span className={styles.quiet}>
                <bdi>{event.byName}</bdi>, {formatDateTime(event.at)}
                {event.overwroteUnseen ? '; replaced a value that the person had not seen' : ''}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}

function describe({ kind, field, from, to }: EntryEvent, entry: TimeEntry, zone: string): string {
  switch (kind) {
    case 'recorded':
      return entry.source === 'timer' ? 'Recorded by the timer' : 'Added by hand';
    case 'deleted':
      return 'Deleted';
    case 'brought_back':
      return 'Brought back';
    case 'changed': {
      if (field === null) return 'Changed';
      const isInstant = field === 'startedAt' || field === 'endedAt';
      const show = (value: string | null) =>
        value === null || value === ''
          ? 'nothing'
          : isInstant
            ? formatDateTime(value, zone)
            : `“${value}”`;
      return `Changed the ${fieldNames[field]} from ${show(from)} to ${show(to)}`;
    }
  }
}
