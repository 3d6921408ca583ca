import { lazy, type Ref, Suspense, useState } from 'react';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { WaitingChange } from '../../../shared/contract/sync-requests.ts';
import { useAction } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatBytes } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { listChangeFiles } from './change-files.ts';
import { describeChange } from './describe-change.ts';
import { explainChange } from './explain-change.ts';
import { FileName } from '../../ui/file-name.tsx';
import styles from './waiting-screen.module.css';

// It brings the editor with it, which is heavy and rarely needed here.
const EditChange = lazy(async () => ({ default: (await import('./edit-change.tsx')).EditChange }));

export interface AttentionItemProps {
  readonly change: WaitingChange;
  /** Changes that build on this one and wait for it. */
  readonly dependents: readonly WaitingChange[];
  readonly isEditing: boolean;
  readonly canEdit: boolean;
  readonly onEdit: (isOpen: boolean) => void;
  readonly onSendAgain: () => void;
  readonly onDismiss: () => void;
  readonly ref: Ref<HTMLElement>;
}

/** A change that the server refused, or that was kept when access ended: nothing is dropped silently (SY-7). */
export function AttentionItem({
  change,
  dependents,
  isEditing,
  canEdit,
  onEdit,
  onSendAgain,
  onDismiss,
  ref,
}: AttentionItemProps) {
  const { seatId, mutationId, state, canSendAgain } = change;
  const [exported, setExported] = useState<{ fileName: string; sizeBytes: number; path: string }>();
  const sendEdited = useAction('sync.sendAgain', {
    isInline: true,
    onSuccess: () => onEdit(false),
  });
  const exportWork = useAction('sync.export', {
    failure: 'Not exported',
    onSuccess: (output) => setExported(output),
  });
  const files = listChangeFiles(change);
  const title = describeChange(change);
  return (
    <article
      ref={ref}
      tabIndex={-1}
      className={styles.refused}
      data-state={state}
      aria-label={title}
    >
      <header className={styles.refusedHeader}>
        <strong>{title}</strong>
        <Mark state={state === 'refused' ? 'refused' : 'local'} isLabelled />
      </header>
      <p>{explainChange(change)}</p>
      <p className={styles.quiet}>
        <bdi>{change.organizationName}</bdi> · you did it {formatDateTime(change.claimedAt)} ·
        everything in it is kept on this computer
      </p>
      {files.length === 0 ? null : (
        <ul className={styles.files} aria-label="Files">
          {files.map((file) => (
            <li key={file.attachmentId}>
              <a
                href={`${hostPaths.file(seatId, file.attachmentId)}?download=1`}
                download={file.name}
              >
                <FileName name={file.name} />
              </a>
              <span className={styles.quiet}>{formatBytes(file.sizeBytes)}</span>
            </li>
          ))}
        </ul>
      )}
      {dependents.length === 0 ? null : (
        <div>
          <p className={styles.quiet}>Waits for this one, and follows it:</p>
          <ul className={styles.dependents}>
            {dependents.map((each) => (
              <li key={each.mutationId}>{describeChange(each)}</li>
            ))}
          </ul>
        </div>
      )}
      {exported === undefined ? null : (
        <Notice tone="positive" title="Exported" isLive>
          <a href={hostPaths.exported(exported.fileName)} download={exported.fileName}>
            {exported.fileName}
          </a>
          , {formatBytes(exported.sizeBytes)}, in {exported.path}
        </Notice>
      )}
      <div className={styles.actions}>
        {canSendAgain && canEdit ? (
          <Button keys={['E']} onPress={() => onEdit(true)}>
            Edit and send
          </Button>
        ) : null}
        {canSendAgain ? <Button onPress={onSendAgain}>Send again as it is</Button> : null}
        <Button isPending={exportWork.isPending} onPress={() => exportWork.mutate({ seatId })}>
          Export
        </Button>
        <Button variant="quiet" keys={['D']} onPress={onDismiss}>
          Take off the list
        </Button>
      </div>
      <Dialog isOpen={isEditing} onOpenChange={onEdit} title={title} isForm>
        <Suspense fallback={<Skeleton />}>
          <EditChange
            change={change}
            isPending={sendEdited.isPending}
            error={sendEdited.error}
            onSend={(args) => sendEdited.mutate({ seatId, mutationId, args })}
            onCancel={() => onEdit(false)}
          />
        </Suspense>
      </Dialog>
    </article>
  );
}
