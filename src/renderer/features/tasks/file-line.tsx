import { useEffect, useRef, useState, type ReactNode } from 'react';
import {
  CloudDownload,
  Download,
  File,
  FileImage,
  FileSpreadsheet,
  FileText,
  HardDrive,
} from 'lucide-react';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { FileItem } from '../../../shared/contract/shapes.ts';
import { useAction } from '../../client/use-request.ts';
import { formatBytes, formatPercent } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FilePreview } from '../review/file-preview.tsx';
import { computePreviewKind } from '../review/preview-kind.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { FileName } from '../../ui/file-name.tsx';
import { FilePlaceMenu } from './file-place-menu.tsx';
import { FileWays, startFileDrag } from './file-ways.tsx';
import { usePictureFit } from '../../ui/use-picture-fit.ts';
import saveStyles from '../../ui/save-link.module.css';
import styles from './file-line.module.css';

/** Those that a browser shows by itself, without running anything in them. */
const pictureTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

function FileIcon({ mediaType, name }: Pick<FileItem, 'mediaType' | 'name'>) {
  if (mediaType.startsWith('image/')) return <FileImage />;
  if (mediaType === 'text/csv' || /\.(?:csv|xlsx|ods)$/iu.test(name)) return <FileSpreadsheet />;
  if (mediaType.startsWith('text/') || mediaType === 'application/pdf') return <FileText />;
  return <File />;
}

/** The ending of the name, as people call types; else the media type. */
function describeType({ name, mediaType }: FileItem): string {
  const ending = /\.([a-z0-9]{1,8})$/iu.exec(name)?.[1];
  return ending === undefined ? mediaType : ending.toUpperCase();
}

/** Measured once it comes near: the icon stands for one that is too large, or none. */
function SmallPicture({ address, icon }: { readonly address: string; readonly icon: ReactNode }) {
  const placeRef = useRef<HTMLSpanElement>(null);
  const [isNear, setIsNear] = useState(false);
  const fit = usePictureFit(isNear ? address : undefined);
  useEffect(() => {
    const place = placeRef.current;
    if (place === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) setIsNear(true);
      },
      { rootMargin: '400px' },
    );
    observer.observe(place);
    return () => observer.disconnect();
  }, []);
  if (fit.kind === 'fits')
    return <img className={styles.picture} src={address} alt="" decoding="async" />;
  return <span ref={placeRef}>{icon}</span>;
}

export interface FileLineProps {
  readonly seatId: string;
  readonly file: FileItem;
  /** Says whether the content is on this computer, and offers to bring it here. */
  readonly showsAvailability?: boolean;
  /** Larger, with the picture itself. */
  readonly showsPicture?: boolean;
  /** Beside the size: where it stands on its way to the server. */
  readonly sign?: ReactNode;
  /** At the end of the line. */
  readonly action?: ReactNode;
}

/** One file: what it is, how big, where it is; a look at it, and a copy saved to a place of one's own. */
export function FileLine({
  seatId,
  file,
  showsAvailability = false,
  showsPicture = false,
  sign,
  action,
}: FileLineProps) {
  const path = hostPaths.file(seatId, file.attachmentId);
  const [isOpen, setIsOpen] = useState(false);
  const canBeSeen = file.isHere && computePreviewKind(file.mediaType, file.name) !== 'none';
  const hasPicture = showsPicture && file.isHere && pictureTypes.has(file.mediaType);
  const icon = (
    <span className={styles.icon} aria-hidden>
      <FileIcon mediaType={file.mediaType} name={file.name} />
    </span>
  );
  return (
    <div className={styles.line}>
      {hasPicture ? <SmallPicture address={path} icon={icon} /> : icon}
      <div className={styles.text}>
        {canBeSeen ? (
          <button type="button" className={styles.name} onClick={() => setIsOpen(true)}>
            <FileName name={file.name} />
          </button>
        ) : (
          <span className={styles.name}>
            <FileName name={file.name} />
          </span>
        )}
        <span className={styles.facts}>
          {describeType(file)}, {formatBytes(file.sizeBytes)}
          {sign}
          {showsAvailability ? <Availability file={file} /> : null}
        </span>
      </div>
      <div className={styles.end}>
        <FileWays seatId={seatId} file={file} />
        {file.isHere ? (
          <a
            className={saveStyles.save}
            draggable
            onDragStart={(event) => startFileDrag(event, seatId, file)}
            href={`${path}?download=1`}
            download={file.name}
            aria-label={`Save “${isolate(computeReadableName(file.name))}”`}
            title="Save a copy, or drag it to where you want it"
          >
            <Download aria-hidden />
          </a>
        ) : (
          <FetchButton seatId={seatId} file={file} />
        )}
        {file.isOnServer ? <FilePlaceMenu seatId={seatId} file={file} /> : null}
        {action}
      </div>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={computeReadableName(file.name)}
        size="large"
      >
        <FilePreview seatId={seatId} file={file} />
      </Dialog>
    </div>
  );
}

function Availability({ file }: { readonly file: FileItem }) {
  if (file.isHere)
    return (
      <span className={styles.here}>
        <HardDrive aria-hidden /> {file.isPinned === true ? 'kept offline' : 'available offline'}
      </span>
    );
  return <span className={styles.here}>{describeAbsence(file)}</span>;
}

function describeAbsence({ isOnServer, direction, movedBytes, sizeBytes }: FileItem): string {
  if (direction === 'down' && movedBytes !== null)
    return `coming, ${formatPercent(movedBytes / Math.max(sizeBytes, 1))}`;
  return isOnServer ? 'not on this computer yet' : 'not on the server yet';
}

function FetchButton({ seatId, file }: { readonly seatId: string; readonly file: FileItem }) {
  const fetchFile = useAction('files.fetch', {
    failure: `“${isolate(computeReadableName(file.name))}” did not come`,
  });
  if (!file.isOnServer) return null;
  const isMoving = file.direction === 'down' || fetchFile.isPending;
  return (
    <Button
      size="small"
      variant="quiet"
      icon={<CloudDownload />}
      isDisabled={isMoving}
      aria-label={`Bring “${isolate(computeReadableName(file.name))}” to this computer`}
      onPress={() => fetchFile.mutate({ seatId, attachmentId: file.attachmentId })}
    >
      {isMoving ? 'Coming' : 'Bring here'}
    </Button>
  );
}
