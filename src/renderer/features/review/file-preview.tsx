import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { FileItem } from '../../../shared/contract/shapes.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { carrier } from '../../client/host.ts';
import { formatBytes, formatCount } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { PdfView } from '../../ui/pdf-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted } from '../../ui/stack.tsx';
import styles from './file-preview.module.css';
import { parseDelimited } from './parse-delimited.ts';
import { computePreviewKind } from './preview-kind.ts';
import { readFileHead } from './read-file-head.ts';

const headBytes = 512 * 1024;
const tableRows = 200;
/** A file can have a line of half a million commas: each would be a cell in every row. */
const tableColumns = 100;
const drawingBytes = 2 * 1024 * 1024;

export interface FilePreviewProps {
  readonly seatId: string;
  readonly file: FileItem;
}

/** What can be seen of a file without opening another program. The file must be on this computer. */
export function FilePreview({ seatId, file }: FilePreviewProps) {
  const kind = computePreviewKind(file.mediaType, file.name);
  const address = hostPaths.file(seatId, file.attachmentId);
  switch (kind) {
    case 'image':
      return <Picture address={address} name={file.name} />;
    case 'drawing':
      return <DrawingPreview address={address} file={file} />;
    case 'page':
      return <PagePreview seatId={seatId} file={file} />;
    case 'audio':
    case 'video':
      return <Recording address={address} file={file} kind={kind} />;
    case 'pdf':
      return (
        <PdfView
          key={file.sha256}
          address={address}
          headers={carrier.headers}
          label={computeReadableName(file.name)}
          fallback={
            <>
              <p className={styles.note}>
                This is not a PDF that can be shown. Save it to open it with another program.
              </p>
              <FileFacts file={file} />
            </>
          }
        />
      );
    case 'markdown':
    case 'table':
    case 'text':
      return <TextPreview seatId={seatId} file={file} kind={kind} />;
    case 'none':
      return <FileFacts file={file} />;
    default:
      return kind satisfies never;
  }
}

function Picture({ address, name }: { readonly address: string; readonly name: string }) {
  const [isBroken, setIsBroken] = useState(false);
  if (isBroken) {
    return (
      <p className={styles.note}>
        This is not a picture that can be shown, whatever its name says. Save it to look at it with
        another program.
      </p>
    );
  }
  return (
    <div className={styles.picture}>
      <img
        src={address}
        alt={name}
        loading="lazy"
        decoding="async"
        onError={() => setIsBroken(true)}
      />
    </div>
  );
}

/** The host serves no SVG to be shown, since one may hold scripts. Inside `img` none of them runs. */
function DrawingPreview({ address, file }: { readonly address: string; readonly file: FileItem }) {
  const drawing = useQuery({
    queryKey: ['preview', file.sha256, 'drawing'],
    queryFn: async () => {
      const response = await fetch(address, { headers: { ...carrier.headers } });
      if (!response.ok) throw new Error(`Expected the drawing, found HTTP ${response.status}.`);
      return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await response.text())}`;
    },
    enabled: file.sizeBytes <= drawingBytes,
  });
  if (drawing.data === undefined) return <FileFacts file={file} />;
  return <Picture address={drawing.data} name={file.name} />;
}

/**
 * A page as it looks, in a frame of an origin of its own in which no script runs and nothing is loaded from elsewhere;
 * or as it is written.
 */
function PagePreview({ seatId, file }: FilePreviewProps) {
  const [showsSource, setShowsSource] = useState(false);
  return (
    <div className={styles.page}>
      {showsSource ? (
        <TextPreview seatId={seatId} file={file} kind="text" />
      ) : (
        <iframe
          className={styles.frame}
          sandbox=""
          src={`${hostPaths.file(seatId, file.attachmentId)}?frame=1`}
          title={computeReadableName(file.name)}
        />
      )}
      <p className={styles.note}>
        Without its scripts, and without anything from the internet.{' '}
        <Button size="small" variant="quiet" onPress={() => setShowsSource(!showsSource)}>
          {showsSource ? 'Show the page' : 'Show its source'}
        </Button>
      </p>
    </div>
  );
}

/** Played by range: an hour of film begins at once, and is never in memory as a whole. */
function Recording({
  address,
  file,
  kind,
}: {
  readonly address: string;
  readonly file: FileItem;
  readonly kind: 'audio' | 'video';
}) {
  const [isBroken, setIsBroken] = useState(false);
  const shared = {
    src: address,
    controls: true,
    preload: 'metadata',
    'aria-label': computeReadableName(file.name),
    onError: () => setIsBroken(true),
  } as const;
  if (isBroken)
    return (
      <>
        <p className={styles.note}>
          This cannot be played here. Save it to open it with another program.
        </p>
        <FileFacts file={file} />
      </>
    );
  // Somebody's recording comes with the captions it has, or with none.
  // oxlint-disable jsx-a11y/media-has-caption
  return kind === 'audio' ? (
    <audio className={styles.audio} {...shared} />
  ) : (
    <video className={styles.video} {...shared} />
  );
  // oxlint-enable jsx-a11y/media-has-caption
}

function FileFacts({ file }: { readonly file: FileItem }) {
  return (
    <dl className={styles.facts}>
      <dt>Type</dt>
      <dd>{file.mediaType}</dd>
      <dt>Size</dt>
      <dd>
        {formatBytes(file.sizeBytes)} <Muted>({formatCount(file.sizeBytes)} bytes)</Muted>
      </dd>
      <dt>SHA-256</dt>
      <dd className={styles.hash}>{file.sha256}</dd>
    </dl>
  );
}

function TextPreview({
  seatId,
  file,
  kind,
}: FilePreviewProps & { readonly kind: 'markdown' | 'table' | 'text' }) {
  const head = useQuery({
    // Content never changes under its hash.
    queryKey: ['preview', file.sha256, headBytes],
    queryFn: () => readFileHead(seatId, file.attachmentId, file.sizeBytes, headBytes),
  });
  if (head.isPending) return <Skeleton lines={4} label={`Reading ${file.name}`} />;
  if (head.isError) {
    return (
      <p className={styles.note}>
        This file could not be read just now. It is safe; save it to open it with another program.
      </p>
    );
  }
  const { text, isCut } = head.data;
  if (text.trim() === '') return <p className={styles.note}>This file is empty.</p>;
  if (kind === 'table') return <TablePreview text={text} isCut={isCut} file={file} />;
  return (
    <>
      <Scroller label={file.name} isReading>
        {kind === 'markdown' ? <Markdown text={text} /> : <pre className={styles.text}>{text}</pre>}
      </Scroller>
      {isCut ? (
        <p className={styles.note}>
          The first {formatBytes(headBytes)} of {formatBytes(file.sizeBytes)}.
        </p>
      ) : null}
    </>
  );
}

function TablePreview({
  text,
  isCut,
  file,
}: {
  readonly text: string;
  readonly isCut: boolean;
  readonly file: FileItem;
}) {
  const { header: all, rows } = parseDelimited(text, tableRows, isCut);
  const header = all.slice(0, tableColumns);
  const isWhole = !isCut && rows.length < tableRows;
  const columns =
    header.length === all.length
      ? `${formatCount(all.length)} columns`
      : `${formatCount(header.length)} of ${formatCount(all.length)} columns`;
  return (
    <>
      <Scroller label={file.name}>
        <table className={styles.table}>
          <thead>
            <tr>
              {header.map((name, index) => (
                <th key={index} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, rowIndex) => (
              <tr key={rowIndex}>
                {header.map((_, index) => (
                  <td key={index}>{row[index] ?? ''}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <p className={styles.note}>
        {isWhole
          ? `${formatCount(rows.length)} rows, ${columns}.`
          : `The first ${formatCount(rows.length)} rows, ${columns}. The whole file is ${formatBytes(file.sizeBytes)}.`}
      </p>
    </>
  );
}

function Scroller({
  label,
  isReading = false,
  children,
}: {
  readonly label: string;
  /** Lines of text: no wider than the eye can follow. */
  readonly isReading?: boolean;
  readonly children: React.ReactNode;
}) {
  return (
    <section
      className={cx(styles.scroller, isReading && styles.reading)}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={0}
      aria-label={`Contents of ${label}`}
    >
      {children}
    </section>
  );
}
