import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { FileItem } from '../../../shared/contract/shapes.ts';
import { carrier } from '../../client/host.ts';
import { formatBytes, formatCount } from '../../format/numbers.ts';
import { cx } from '../../ui/cx.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted } from '../../ui/stack.tsx';
import styles from './file-preview.module.css';
import { parseDelimited } from './parse-delimited.ts';
import { computePreviewKind } from './preview-kind.ts';
import { readFileHead } from './read-file-head.ts';

const headBytes = 512 * 1024;
const tableRows = 200;
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
    case 'pdf':
      return <PdfPreview address={address} name={file.name} />;
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

function PdfPreview({ address, name }: { readonly address: string; readonly name: string }) {
  if (!navigator.pdfViewerEnabled) {
    return (
      <p className={styles.note}>
        PDF files cannot be shown inside this window. Save it to open it with another program.
      </p>
    );
  }
  // Not sandboxed: Chromium's viewer refuses to run in a sandbox, and brings one of its own. The host
  // lets nothing but a PDF be framed, whatever its name says.
  return <iframe className={styles.pdf} src={`${address}#view=FitH`} title={name} />;
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
  const { header, rows } = parseDelimited(text, tableRows, isCut);
  const isWhole = !isCut && rows.length < tableRows;
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
          ? `${formatCount(rows.length)} rows, ${formatCount(header.length)} columns.`
          : `The first ${formatCount(rows.length)} rows, ${formatCount(header.length)} columns. The whole file is ${formatBytes(file.sizeBytes)}.`}
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
