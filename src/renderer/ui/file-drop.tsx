import type { ReactNode } from 'react';
import { Upload } from 'lucide-react';
import { DropZone, FileTrigger, isFileDropItem, Text } from 'react-aria-components';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
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
}

/** Files dropped from the desktop, pasted, or picked. Folders are not taken apart. */
export function FileDrop({
  label,
  hint = 'or drop files here',
  onFiles,
  allowsMultiple = true,
  accept,
  isDisabled = false,
}: FileDropProps) {
  const give = (files: readonly File[]) => {
    if (files.length > 0) onFiles(allowsMultiple ? [...files] : files.slice(0, 1));
  };
  return (
    <DropZone
      className={cx(styles.zone)}
      isDisabled={isDisabled}
      onDrop={async (event) => {
        const files = await Promise.all(
          event.items.filter(isFileDropItem).map((item) => item.getFile()),
        );
        give(files);
      }}
    >
      <Upload aria-hidden className={styles.icon} />
      <FileTrigger
        allowsMultiple={allowsMultiple}
        {...(accept === undefined ? {} : { acceptedFileTypes: [...accept] })}
        onSelect={(list) => give(list === null ? [] : [...list])}
      >
        <Button isDisabled={isDisabled}>{label}</Button>
      </FileTrigger>
      <Text slot="label" className={cx(styles.hint)}>
        {hint}
      </Text>
    </DropZone>
  );
}
