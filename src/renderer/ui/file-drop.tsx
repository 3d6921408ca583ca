import type { ReactNode } from 'react';
import { Upload } from 'lucide-react';
import { DropZone, FileTrigger, Text } from 'react-aria-components';
import { Button } from './button.tsx';
import {
  collectChosen,
  type CollectedFile,
  type CollectedFiles,
  collectDropped,
  mostCollected,
} from './collect-files.ts';
import { cx } from './cx.ts';
import { showToast } from './toast.tsx';
import styles from './file-drop.module.css';

export interface FileDropProps {
  /** What the files are for, for example "Add deliverables". */
  readonly label: string;
  readonly hint?: ReactNode;
  readonly onFiles: (files: File[]) => void;
  readonly allowsMultiple?: boolean;
  /** MIME types or endings, for example `['.pdf', 'image/*']`. */
  readonly accept?: readonly string[];
  readonly isDisabled?: boolean;
  /** Offers to choose a folder, too, and gives every file the name by which it lay in its folder. */
  readonly onNamedFiles?: (files: readonly CollectedFile[]) => void;
}

/** Says what was not taken: a folder may hold more than a submission does. */
export function tellLeftOut({ leftOut }: CollectedFiles): void {
  if (leftOut === 0) return;
  showToast({
    title: leftOut === 1 ? 'One file was left out' : `${leftOut} files were left out`,
    description: `At most ${mostCollected} files are taken at once, and only those that can be read. For more, pack the folder into one archive first.`,
    tone: 'negative',
  });
}

/** Files and whole folders dropped from the desktop, pasted, or picked. */
export function FileDrop({
  label,
  hint = 'or drop files here',
  onFiles,
  allowsMultiple = true,
  accept,
  isDisabled = false,
  onNamedFiles,
}: FileDropProps) {
  const give = (collected: CollectedFiles) => {
    const files = allowsMultiple ? collected.files : collected.files.slice(0, 1);
    tellLeftOut(collected);
    if (files.length === 0) return;
    if (onNamedFiles === undefined) onFiles(files.map(({ file }) => file));
    else onNamedFiles(files);
  };
  const choose = (list: FileList | null) => give(collectChosen(list === null ? [] : [...list]));
  return (
    <DropZone
      className={cx(styles.zone)}
      isDisabled={isDisabled}
      onDrop={async (event) => give(await collectDropped(event.items))}
    >
      <Upload aria-hidden className={styles.icon} />
      <FileTrigger
        allowsMultiple={allowsMultiple}
        {...(accept === undefined ? {} : { acceptedFileTypes: [...accept] })}
        onSelect={choose}
      >
        <Button isDisabled={isDisabled} data-focus-when-empty>
          {label}
        </Button>
      </FileTrigger>
      {onNamedFiles === undefined ? null : (
        <FileTrigger acceptDirectory onSelect={choose}>
          <Button variant="quiet" isDisabled={isDisabled}>
            Add a folder…
          </Button>
        </FileTrigger>
      )}
      <Text slot="label" className={cx(styles.hint)}>
        {hint}
      </Text>
    </DropZone>
  );
}
