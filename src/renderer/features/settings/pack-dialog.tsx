import type { PackPreview } from '../../../shared/contract/pack-requests.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { describeDevice } from '../../format/device-name.ts';
import { listSome } from '../../format/list-some.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Stack } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './carry-work.module.css';

/** What is in a pack and what importing it will do, before anything is done. */
export function PackDialog({
  stagedId,
  onClose,
}: {
  readonly stagedId: string;
  readonly onClose: () => void;
}) {
  const preview = useRequest('pack.inspect', { stagedId });
  const importing = useAction('pack.import', {
    isInline: true,
    onSuccess: ({ imported, known, newFiles }) => {
      onClose();
      showToast({
        title:
          imported === 0
            ? 'Everything in it was here already'
            : `${formatPlural(imported, 'change', 'changes')} imported`,
        description:
          imported === 0
            ? 'Nothing was changed.'
            : `${formatPlural(newFiles, 'file', 'files')} came with it${known === 0 ? '' : `, and ${formatPlural(known, 'change was', 'changes were')} here already`}. It is sent by itself.`,
        tone: 'positive',
      });
    },
  });
  const data = preview.data;
  const offered = data?.seats.filter(({ seatId }) => seatId !== null) ?? [];
  const fresh = offered.reduce((sum, { changes, known }) => sum + changes - known, 0);
  const canImport = offered.length > 0 && (fresh > 0 || (data?.files ?? 0) > 0);
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title="Import unsent work"
      size="medium"
      footer={
        <>
          <Button onPress={onClose}>{canImport ? 'Cancel' : 'Close'}</Button>
          {canImport ? (
            <Button
              variant="primary"
              isPending={importing.isPending}
              onPress={() => importing.mutate({ stagedId })}
            >
              {importing.isPending
                ? 'Importing…'
                : fresh === 0
                  ? 'Import files'
                  : `Import ${formatPlural(fresh, 'change', 'changes')}`}
            </Button>
          ) : null}
        </>
      }
    >
      {preview.isError ? (
        <ErrorNotice error={preview.error} title="This file cannot be imported" />
      ) : data === undefined ? (
        <Skeleton lines={5} label="Checking the file" />
      ) : (
        <Preview preview={data} />
      )}
      {importing.isError ? (
        <ErrorNotice error={importing.error} title="Nothing was imported" />
      ) : null}
    </Dialog>
  );
}

function Preview({ preview }: { readonly preview: PackPreview }) {
  const { deviceName, createdAt, seats, changes, files, fileBytes, missingFiles, problems } =
    preview;
  return (
    <Stack gap={2}>
      <p>
        Made on{' '}
        <strong>
          <bdi>{describeDevice(deviceName)}</bdi>
        </strong>
        , {formatDateTime(createdAt)}
        {files === 0
          ? ''
          : `, with ${formatPlural(files, 'file', 'files')} (${formatBytes(fileBytes)})`}
        . What you import appears at once, is sent by itself, and keeps the times at which it was
        done.
      </p>
      {seats.map((seat) =>
        seat.problem === null ? (
          <Notice
            key={`${seat.serverUrl} ${seat.email} ${seat.organizationName}`}
            tone={seat.known === seat.changes ? 'neutral' : 'accent'}
            title={`${isolate(seat.organizationName)}: ${formatPlural(seat.changes, 'change', 'changes')} by ${seat.email}`}
          >
            {seat.known === 0
              ? 'None of it is on this computer yet.'
              : seat.known === seat.changes
                ? 'All of it is on this computer already.'
                : `${formatPlural(seat.known, 'of them is on this computer already, and stays as it is', 'of them are on this computer already, and stay as they are')}.`}
          </Notice>
        ) : (
          <Notice
            key={`${seat.serverUrl} ${seat.email} ${seat.organizationName}`}
            tone="warning"
            title={`Not for this computer: ${isolate(seat.organizationName)}`}
          >
            {seat.problem.charAt(0).toUpperCase() + seat.problem.slice(1)}.
          </Notice>
        ),
      )}
      {problems.length === 0 ? null : (
        <Notice tone="warning" title="Not all of what was unsent is in the file">
          {listSome(problems).map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </Notice>
      )}
      {missingFiles.length === 0 ? null : (
        <Notice
          tone="warning"
          title={`${formatPlural(missingFiles.length, 'file is', 'files are')} not in it`}
        >
          {listSome(missingFiles).join(', ')}
        </Notice>
      )}
      <ul className={styles.changes} aria-label="Changes in the file">
        {changes.map((change, index) => (
          <li key={`${change.claimedAt} ${index}`} className={styles.change}>
            <span className={styles.changeText}>
              {change.label}
              {change.subject === '' ? null : (
                <span className={styles.quiet}>{change.subject}</span>
              )}
              {change.reason === null ? null : (
                <span className={styles.quiet}>{change.reason}</span>
              )}
            </span>
            {change.isRefused ? <Badge tone="warning">Refused</Badge> : null}
            <span className={styles.time}>{formatDateTime(change.claimedAt)}</span>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
