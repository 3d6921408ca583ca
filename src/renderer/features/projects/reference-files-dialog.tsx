import { useCallback } from 'react';
import { FileText, X } from 'lucide-react';
import type { StagedFile } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';
import { formatBytes } from '../../format/numbers.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { TransferProgress } from '../../ui/progress-bar.tsx';
import { Muted } from '../../ui/stack.tsx';
import styles from './reference-picker.module.css';
import type { TaskDialogProps } from './task-dialog.tsx';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { FileName } from '../../ui/file-name.tsx';
import { useStagedFiles } from './use-staged-files.ts';

/** The reference files of a task that was assigned: added and removed one by one, at once. */
export function ReferenceFilesDialog({ task, onClose }: TaskDialogProps) {
  const { seatId, taskId } = task.item;
  const { mutate: addReference } = useAction('task.addReference', {
    failure: 'The file was not added',
  });
  const remove = useAction('task.removeReference', { failure: 'The file was not removed' });
  const attach = useCallback(
    ({ stagedId }: StagedFile) => addReference({ seatId, taskId, stagedId }),
    [addReference, seatId, taskId],
  );
  const staged = useStagedFiles(attach);
  const arriving = staged.files.filter(({ staged: done }) => done === undefined);
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Reference files"
      footer={
        <Button variant="primary" isDisabled={staged.isBusy} onPress={onClose}>
          Done
        </Button>
      }
    >
      {task.references.length === 0 && arriving.length === 0 ? (
        <Muted>This task has none yet.</Muted>
      ) : (
        <ul className={styles.files}>
          {task.references.map((file) => (
            <li key={file.attachmentId} className={styles.file}>
              <FileText aria-hidden className={styles.icon} />
              <span className={styles.what}>
                <FileName name={file.name} /> <Muted>{formatBytes(file.sizeBytes)}</Muted>
              </span>
              <IconButton
                label={`Remove ${isolate(computeReadableName(file.name))}`}
                icon={<X />}
                size="small"
                isDisabled={remove.isPending}
                onPress={() => remove.mutate({ seatId, attachmentId: file.attachmentId })}
              />
            </li>
          ))}
          {arriving.map((file) => (
            <li key={file.key} className={styles.file}>
              <FileText aria-hidden className={styles.icon} />
              <div className={styles.what}>
                {file.problem === undefined ? (
                  <TransferProgress
                    label={computeReadableName(file.name)}
                    sentBytes={file.sentBytes}
                    totalBytes={file.sizeBytes}
                  />
                ) : (
                  <p className={styles.problem} role="alert">
                    <FileName name={file.name} /> was not added. {file.problem}
                  </p>
                )}
              </div>
              <IconButton
                label={`Remove ${isolate(computeReadableName(file.name))}`}
                icon={<X />}
                size="small"
                onPress={() => staged.remove(file.key)}
              />
            </li>
          ))}
        </ul>
      )}
      <FileDrop label="Add files" onFiles={staged.add} />
    </Dialog>
  );
}
