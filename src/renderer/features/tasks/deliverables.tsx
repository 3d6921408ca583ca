import { RotateCcw, X } from 'lucide-react';
import type { FileItem } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { IconButton } from '../../ui/button.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TransferProgress } from '../../ui/progress-bar.tsx';
import { showToast } from '../../ui/toast.tsx';
import {
  addDeliverables,
  cancelImport,
  retryImport,
  type DeliverableImport,
} from './deliverable-imports.ts';
import { FileLine } from './file-line.tsx';
import { FileSign } from './sync-sign.tsx';
import { useTaskPatch, type TaskKey } from './use-task.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import styles from './deliverables.module.css';

export interface DeliverablesProps extends TaskKey {
  readonly files: readonly FileItem[];
  readonly imports: readonly DeliverableImport[];
}

/** The files of the draft: dropped or chosen, with their previews, sizes and progress. */
export function Deliverables({ seatId, taskId, files, imports }: DeliverablesProps) {
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
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
            {imports.map((each) => (
              <li key={each.importId}>
                <Importing deliverable={each} />
              </li>
            ))}
          </ul>
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
        onFiles={(added) => addDeliverables({ seatId, taskId }, added)}
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
    failure: `“${computeReadableName(file.name)}” did not come back`,
  });
  // The line is gone before the answer comes: what follows hangs on the action, not on the line.
  const detach = useAction('draft.detach', {
    failure: `“${computeReadableName(file.name)}” was not removed`,
    onSuccess: () =>
      showToast({
        title: `“${computeReadableName(file.name)}” is no longer part of this work`,
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
          size="small"
          label={`Remove “${computeReadableName(file.name)}”`}
          icon={<X />}
          onPress={remove}
        />
      }
    />
  );
}

function Importing({ deliverable }: { readonly deliverable: DeliverableImport }) {
  const { importId, file, sentBytes, state, problem } = deliverable;
  if (state === 'failed')
    return (
      <Notice
        tone="negative"
        title={`“${computeReadableName(file.name)}” was not added`}
        isLive
        action={
          <>
            <IconButton
              size="small"
              label={`Try “${computeReadableName(file.name)}” again`}
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
        label={computeReadableName(file.name)}
        sentBytes={sentBytes}
        totalBytes={file.size}
        action={
          <IconButton
            size="small"
            label={`Cancel adding “${computeReadableName(file.name)}”`}
            icon={<X />}
            onPress={() => cancelImport(importId)}
          />
        }
      />
    </div>
  );
}
