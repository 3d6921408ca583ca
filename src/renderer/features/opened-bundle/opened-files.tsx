import { useState } from 'react';
import { Download, Eye, EyeOff } from 'lucide-react';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { BundledFile } from '../../../shared/bundle/engagement-document.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatBytes } from '../../format/numbers.ts';
import { IconButton } from '../../ui/button.tsx';
import { FileName } from '../../ui/file-name.tsx';
import { Muted } from '../../ui/stack.tsx';
import { FilePreview } from '../review/file-preview.tsx';
import { computePreviewKind } from '../review/preview-kind.ts';
import saveStyles from '../../ui/save-link.module.css';
import styles from './opened-bundle.module.css';

export interface OpenedFilesProps {
  readonly bundleId: string;
  readonly files: readonly BundledFile[];
}

export function OpenedFiles({ bundleId, files }: OpenedFilesProps) {
  if (files.length === 0)
    return (
      <p>
        <Muted>No files.</Muted>
      </p>
    );
  return (
    <ul className={styles.files}>
      {files.map((file) => (
        <li key={`${file.attachmentId} ${file.path}`}>
          <OpenedFile bundleId={bundleId} file={file} />
        </li>
      ))}
    </ul>
  );
}

interface OpenedFileProps {
  readonly bundleId: string;
  readonly file: BundledFile;
}

/** The bundle's id stands where a seat's would: its files are read from within the archive. */
function OpenedFile({ bundleId, file }: OpenedFileProps) {
  const [isShown, setIsShown] = useState(false);
  const { attachmentId, name, sizeBytes, mediaType, sha256, path } = file;
  const readableName = computeReadableName(name);
  if (path === null)
    return (
      <span className={styles.file}>
        <FileName name={name} />
        <Muted>{formatBytes(sizeBytes)}, missing</Muted>
      </span>
    );
  const canShow = computePreviewKind(mediaType, name) !== 'none';
  return (
    <>
      <span className={styles.file}>
        <FileName name={name} />
        <Muted>{formatBytes(sizeBytes)}</Muted>
        {canShow ? (
          <IconButton
            size="small"
            label={isShown ? `Hide ${isolate(readableName)}` : `Show ${isolate(readableName)}`}
            icon={isShown ? <EyeOff /> : <Eye />}
            onPress={() => setIsShown(!isShown)}
          />
        ) : null}
        <a
          className={saveStyles.save}
          href={`${hostPaths.file(bundleId, attachmentId)}?download=1`}
          download={name}
          aria-label={`Save ${isolate(readableName)}`}
        >
          <Download aria-hidden />
        </a>
      </span>
      {isShown ? (
        <FilePreview
          seatId={bundleId}
          file={{
            attachmentId,
            name,
            sizeBytes,
            mediaType,
            sha256,
            isHere: true,
            isOnServer: false,
            isPinned: null,
            movedBytes: null,
            direction: null,
          }}
        />
      ) : null}
    </>
  );
}
