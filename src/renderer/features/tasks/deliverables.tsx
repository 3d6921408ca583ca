import { RotateCcw, X } from 'lucide-react';
import type { FileItem } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TransferProgress } from '../../ui/progress-bar.tsx';
import { showToast } from '../../ui/toast.tsx';
import {
  addDeliverables,
  cancelImport,
  cancelImports,
  retryImport,
  type DeliverableImport,
} from './deliverable-imports.ts';
import { FileLine } from './file-line.tsx';
import { usePastedFiles } from './use-pasted-files.ts';
import { FileSign } from './sync-sign.tsx';
import { useTaskPatch, type TaskKey } from './use-task.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import styles from './deliverables.module.css';

export interface DeliverablesProps extends TaskKey {
  readonly files: readonly FileItem[];
  readonly imports: readonly DeliverableImport[];
}

/** The files of the draft: dropped or chosen, with their previews, sizes and progress. */
export function Deliverables({ seatId, taskId, files, imports }: DeliverablesProps) {
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  usePastedFiles((pasted) => addDeliverables({ seatId, taskId }, pasted));
  const waiting = imports.filter(({ state }) => state === 'waiting');
  // A folder of a thousand files is one line, and those that move beside it.
  const shown = waiting.length > 3 ? imports.filter(({ state }) => state !== 'waiting') : imports;
  return (
    <div className={styles.deliverables}>
      {files.length === 0 && imports.length === 0 ? null : (
        <>
          <ul className={styles.files} aria-label="Files to hand in">
            {files.map((file) => (
              <li key={file.attachmentId}>
                <Deliverable seatId={seatId} taskId={taskId} file={file} />
              </li>
            ))}
            {shown.map((each) => (
              <li key={each.importId}>
                <Importing deliverable={each} />
              </li>
            ))}
          </ul>
          {shown.length === imports.length ? null : (
            <p className={styles.total}>
              {formatPlural(waiting.length, 'more file waits', 'more files wait')},{' '}
              {formatBytes(waiting.reduce((sum, { file }) => sum + file.size, 0))}{' '}
              <Button
                size="small"
                variant="quiet"
                onPress={() => cancelImports({ seatId, taskId })}
              >
                Cancel all
              </Button>
            </p>
          )}
          {files.length < 2 ? null : (
            <p className={styles.total}>
              {formatPlural(files.length, 'file', 'files')}, {formatBytes(totalBytes)}
            </p>
          )}
        </>
      )}
      <FileDrop
        label={files.length === 0 ? 'Add files…' : 'Add more files…'}
        hint="or drop them here. They are copied, so you can go on editing yours."
        onFiles={() => {}}
        onNamedFiles={(added) => addDeliverables({ seatId, taskId }, added)}
      />
    </div>
  );
}

interface DeliverableProps extends TaskKey {
  readonly file: FileItem;
}

function Deliverable({ seatId, taskId, file }: DeliverableProps) {
  const patch = useTaskPatch({ seatId, taskId });
  const attachAgain = useAction('draft.detach', {
    failure: `“${isolate(computeReadableName(file.name))}” did not come back`,
  });
  // The line is gone before the answer comes: what follows hangs on the action, not on the line.
  const detach = useAction('draft.detach', {
    failure: `“${isolate(computeReadableName(file.name))}” was not removed`,
    onSuccess: () =>
      showToast({
        title: `“${isolate(computeReadableName(file.name))}” is no longer part of this work`,
        onUndo: () =>
          attachAgain.mutate({ seatId, attachmentId: file.attachmentId, detached: false }),
      }),
  });
  const remove = () => {
    patch((task) =>
      task.draft === null
        ? task
        : {
            ...task,
            draft: {
              ...task.draft,
              files: task.draft.files.filter(
                ({ attachmentId }) => attachmentId !== file.attachmentId,
              ),
            },
          },
    );
    detach.mutate({ seatId, attachmentId: file.attachmentId, detached: true });
  };
  return (
    <FileLine
      seatId={seatId}
      file={file}
      showsPicture
      sign={<FileSign file={file} />}
      action={
        <IconButton
          data-line-action="remove"
          size="small"
          label={`Remove “${isolate(computeReadableName(file.name))}”`}
          icon={<X />}
          onPress={remove}
        />
      }
    />
  );
}

const waitsForRoom =
  'The disk is full. Make room, and it goes on by itself; nothing else was lost.';

function Importing({ deliverable }: { readonly deliverable: DeliverableImport }) {
  const { importId, file, sentBytes, bytesPerSecond, state, problem } = deliverable;
  const name = computeReadableName(deliverable.name);
  if (state === 'failed')
    return (
      <Notice
        tone="negative"
        title={`“${isolate(name)}” was not added`}
        isLive
        action={
          <>
            <IconButton
              size="small"
              label={`Try “${isolate(name)}” again`}
              icon={<RotateCcw />}
              onPress={() => retryImport(importId)}
            />
            <IconButton
              size="small"
              label="Take off the list"
              icon={<X />}
              onPress={() => cancelImport(importId)}
            />
          </>
        }
      >
        {problem}
      </Notice>
    );
  return (
    <div className={styles.importing}>
      <TransferProgress
        label={name}
        sentBytes={sentBytes}
        totalBytes={file.size}
        {...(bytesPerSecond === null ? {} : { rate: bytesPerSecond })}
        {...(state === 'waiting_for_room' ? { detail: waitsForRoom } : {})}
        action={
          <IconButton
            size="small"
            label={`Cancel adding “${isolate(name)}”`}
            icon={<X />}
            onPress={() => cancelImport(importId)}
          />
        }
      />
    </div>
  );
}
