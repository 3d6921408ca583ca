import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { isolate } from '../../../shared/domain/isolate.ts';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { FileItem } from '../../../shared/contract/shapes.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { carrier } from '../../client/host.ts';
import { formatBytes, formatCount } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { countDrawn } from '../../ui/count-drawn.ts';
import { PdfView } from '../../ui/pdf-view.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Muted } from '../../ui/stack.tsx';
import { usePictureFit } from '../../ui/use-picture-fit.ts';
import type { FileMarks } from '../annotations/place-mark.ts';
import { findActivePage, PdfPageMarks, PictureMarks } from '../annotations/file-regions.tsx';
import styles from './file-preview.module.css';
import { computePreviewKind } from './preview-kind.ts';
import { TextPreview } from './text-preview.tsx';
import { useSourceChoice } from './use-source-choice.ts';

const drawingBytes = 2 * 1024 * 1024;
/** A map of a country is drawn; what is made to be drawn for ever is not. */
const mostDrawn = 200_000;

export interface FilePreviewProps {
  readonly seatId: string;
  readonly file: FileItem;
  /** What was said of places in it; undefined where nothing is shown of that. */
  readonly places?: FileMarks | undefined;
}

/** What can be seen of a file without opening another program. The file must be on this computer. */
export function FilePreview({ seatId, file, places }: FilePreviewProps) {
  const kind = computePreviewKind(file.mediaType, file.name);
  const address = hostPaths.file(seatId, file.attachmentId);
  switch (kind) {
    case 'image':
      return <Picture address={address} name={file.name} places={places} />;
    case 'drawing':
      return <DrawingPreview address={address} file={file} places={places} />;
    case 'page':
      return <PagePreview seatId={seatId} file={file} places={places} />;
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
          shownPage={findActivePage(places)}
          renderOverlay={
            places === undefined
              ? undefined
              : (page) => <PdfPageMarks page={page} places={places} />
          }
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
      return <TextPreview seatId={seatId} file={file} kind={kind} places={places} />;
    case 'none':
      return <FileFacts file={file} />;
    default:
      return kind satisfies never;
  }
}

interface PictureProps extends Pick<FilePreviewProps, 'places'> {
  readonly address: string;
  readonly name: string;
}

function Picture({ address, name, places }: PictureProps) {
  const [isBroken, setIsBroken] = useState(false);
  const fit = usePictureFit(address);
  if (fit.kind === 'measuring') return <Skeleton lines={4} label={`Reading ${isolate(name)}`} />;
  if (fit.kind === 'too_large') return <p className={styles.note}>{fit.reason}</p>;
  if (isBroken || fit.kind === 'broken') {
    return (
      <p className={styles.note}>
        This cannot be shown: it is no picture, whatever its name says, or too large a one. Save it
        to look at it with another program.
      </p>
    );
  }
  return (
    <div className={styles.picture}>
      <div className={styles.pictureFrame}>
        <img
          src={address}
          alt={name}
          loading="lazy"
          decoding="async"
          draggable={places?.onPlace === undefined}
          onError={() => setIsBroken(true)}
        />
        {places === undefined ? null : <PictureMarks places={places} />}
      </div>
    </div>
  );
}

/** The host serves no SVG to be shown, since one may hold scripts. Inside `img` none of them runs. */
function DrawingPreview({
  address,
  file,
  places,
}: Omit<PictureProps, 'name'> & { readonly file: FileItem }) {
  const drawing = useQuery({
    queryKey: ['preview', file.sha256, 'drawing'],
    queryFn: async () => {
      const response = await fetch(address, { headers: { ...carrier.headers } });
      if (!response.ok) throw new Error(`Expected the drawing, found HTTP ${response.status}.`);
      const svg = await response.text();
      return {
        isTooMuch: countDrawn(svg) > mostDrawn,
        address: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.toWellFormed())}`,
      };
    },
    enabled: file.sizeBytes <= drawingBytes,
  });
  if (drawing.data === undefined) return <FileFacts file={file} />;
  if (drawing.data.isTooMuch)
    return (
      <>
        <p className={styles.note}>
          This drawing repeats its parts more often than can be shown here. Save it to look at it
          with another program.
        </p>
        <FileFacts file={file} />
      </>
    );
  return <Picture address={drawing.data.address} name={file.name} places={places} />;
}

/**
 * A page as it looks, in a frame of an origin of its own in which no script runs and nothing is loaded from elsewhere;
 * or as it is written.
 */
function PagePreview({ seatId, file, places }: FilePreviewProps) {
  const [showsSource, setShowsSource] = useSourceChoice(places);
  return (
    <div className={styles.page}>
      {showsSource ? (
        <TextPreview seatId={seatId} file={file} kind="text" places={places} />
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
