import { FileText, RotateCcw, X } from 'lucide-react';
import { formatBytes } from '../../format/numbers.ts';
import { IconButton } from '../../ui/button.tsx';
import fieldStyles from '../../ui/field.module.css';
import { FileDrop } from '../../ui/file-drop.tsx';
import { TransferProgress } from '../../ui/progress-bar.tsx';
import { Muted } from '../../ui/stack.tsx';
import styles from './reference-picker.module.css';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { FileName } from '../../ui/file-name.tsx';
import type { StagedFiles } from './use-staged-files.ts';

/** Reference files for a task: dropped or picked, each with its progress. */
export function ReferencePicker({ staged }: { readonly staged: StagedFiles }) {
  return (
    <div className={styles.picker}>
      <span className={fieldStyles.label}>
        Reference files <span className={fieldStyles.optional}>(optional)</span>
      </span>
      <FileDrop
        label="Add files"
        hint="or drop them here. They are on the intern’s computer before they are needed, without a connection too."
        onFiles={staged.add}
      />
      {staged.files.length === 0 ? null : (
        <ul className={styles.files}>
          {staged.files.map((file) => (
            <li key={file.key} className={styles.file}>
              <FileText aria-hidden className={styles.icon} />
              <div className={styles.what}>
                {file.staged === undefined && file.problem === undefined ? (
                  <TransferProgress
                    label={computeReadableName(file.name)}
                    sentBytes={file.sentBytes}
                    totalBytes={file.sizeBytes}
                  />
                ) : (
                  <>
                    <FileName name={file.name} /> <Muted>{formatBytes(file.sizeBytes)}</Muted>
                  </>
                )}
                {file.problem === undefined ? null : (
                  <p className={styles.problem} role="alert">
                    Not added. {file.problem}
                  </p>
                )}
              </div>
              {file.canRetry === true ? (
                <IconButton
                  label={`Try ${isolate(computeReadableName(file.name))} again`}
                  icon={<RotateCcw />}
                  size="small"
                  onPress={() => staged.retry(file.key)}
                />
              ) : null}
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
    </div>
  );
}
