import { lazy, Suspense, useState } from 'react';
import type { WaitingChange } from '../../../shared/contract/sync-requests.ts';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import { describeError } from '../../client/describe-error.ts';
import { useAction } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Notice } from '../../ui/notice.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import styles from './waiting-screen.module.css';

// It brings the editor with it, which is heavy and rarely needed here.
const EditArguments = lazy(async () => ({
  default: (await import('./edit-arguments.tsx')).EditArguments,
}));

/** A change that the server refused, or that was kept when access ended: nothing is dropped silently (SY-7). */
export function RefusedChange({
  change,
  heldCount,
}: {
  readonly change: WaitingChange;
  readonly heldCount: number;
}) {
  const { seatId, mutationId, label, subject, reason, reasonCode, state } = change;
  const [isEditing, setIsEditing] = useState(false);
  const [isDismissing, setIsDismissing] = useState(false);
  const [exported, setExported] = useState<{ fileName: string; path: string; sizeBytes: number }>();
  const sendAgain = useAction('sync.sendAgain', {
    failure: 'Not sent again',
    onSuccess: () => showToast({ title: 'Sent again', description: `${label} ${subject}`.trim() }),
  });
  const dismiss = useAction('sync.dismiss');
  const exportWork = useAction('sync.export', {
    failure: 'Not exported',
    onSuccess: (output) => setExported(output),
  });
  const isRefused = state === 'refused';

  return (
    <article className={styles.refused}>
      <header className={styles.refusedHeader}>
        <strong>
          {label}
          {subject === '' ? '' : `: ${subject}`}
        </strong>
        <Mark state={isRefused ? 'refused' : 'local'} isLabelled />
      </header>
      <p>
        {isRefused
          ? (reason ?? `The server gave no reason (${reasonCode ?? 'no code'}).`)
          : 'Your access ended before this was sent. It is kept here, with its files, for you to export.'}
      </p>
      <p className={styles.quiet}>
        {change.organizationName}, {formatDateTime(change.claimedAt)}. What you wrote is kept on
        this computer.
        {isRefused && heldCount > 0
          ? ` ${formatPlural(heldCount, 'change that builds on it waits', 'changes that build on it wait')}.`
          : ''}
      </p>
      {exported === undefined ? null : (
        <Notice tone="positive" title="Exported" isLive>
          <a href={hostPaths.exported(exported.fileName)} download={exported.fileName}>
            {exported.fileName}
          </a>
          , {formatBytes(exported.sizeBytes)}, in {exported.path}
        </Notice>
      )}
      <div className={styles.actions}>
        {isRefused ? (
          <>
            <Button
              isDisabled={sendAgain.isPending}
              onPress={() => sendAgain.mutate({ seatId, mutationId })}
            >
              Send again
            </Button>
            <Button onPress={() => setIsEditing(true)}>Edit and send</Button>
          </>
        ) : null}
        <Button isDisabled={exportWork.isPending} onPress={() => exportWork.mutate({ seatId })}>
          Export
        </Button>
        <Button variant="quiet" onPress={() => setIsDismissing(true)}>
          Take off the list
        </Button>
      </div>
      <Dialog isOpen={isEditing} onOpenChange={setIsEditing} title={`Edit “${label}”`}>
        <Suspense fallback={<Skeleton />}>
          <EditArguments
            argsJson={change.argsJson}
            isPending={sendAgain.isPending}
            problem={sendAgain.isError ? describeError(sendAgain.error) : undefined}
            onSend={(args) =>
              sendAgain.mutate(
                { seatId, mutationId, args },
                { onSuccess: () => setIsEditing(false) },
              )
            }
          />
        </Suspense>
      </Dialog>
      <Dialog
        isOpen={isDismissing}
        onOpenChange={setIsDismissing}
        title="Take it off the list?"
        size="small"
        isAlert
        footer={
          <>
            <Button onPress={() => setIsDismissing(false)}>Keep it here</Button>
            <Button
              variant="danger"
              isDisabled={dismiss.isPending}
              onPress={() => {
                setIsDismissing(false);
                dismiss.mutate({ seatId, mutationId });
              }}
            >
              Take it off
            </Button>
          </>
        }
      >
        <p>
          It will not be sent, and its effect goes from your screens. It stays in the database of
          this computer.
        </p>
      </Dialog>
    </article>
  );
}
