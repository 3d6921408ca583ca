import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { formatCount } from '../format/numbers.ts';
import { openPdf } from './open-pdf.ts';
import styles from './pdf-view.module.css';
import { Skeleton } from './skeleton.tsx';

/** A page of A4, until one knows better. */
const usualRatio = 210 / 297;
/** More is drawn of no page: a canvas of a poster would take a gigabyte. */
const mostPixels = 16_000_000;
/** Of its longer side: no browser has a longer canvas. */
const longestSide = 16_000;
/** More pages have no place: a file of some kilobytes can name the same page a million times. */
const mostPages = 2000;

export interface PdfViewProps {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly label: string;
  /** In the place of a document that cannot be read. */
  readonly fallback: ReactNode;
  /** Over each page, in its own coordinates: marks and comments. */
  readonly renderOverlay?: ((page: PdfPage) => ReactNode) | undefined;
  /** Brought into sight whenever it changes. */
  readonly shownPage?: number | undefined;
}

/** A page as it is shown, turned the right way; its size in points. */
export interface PdfPage {
  readonly number: number;
  readonly width: number;
  readonly height: number;
}

/** The pages of a PDF below one another, each drawn when it comes into sight. */
export function PdfView({
  address,
  headers,
  label,
  fallback,
  renderOverlay,
  shownPage,
}: PdfViewProps) {
  const [opened, setOpened] = useState<PDFDocumentProxy | 'broken'>();
  const headersRef = useRef(headers);
  useEffect(() => {
    let isGone = false;
    let close = () => {};
    openPdf(address, headersRef.current).then(
      (pdf) => {
        if (isGone) return pdf.close();
        close = pdf.close;
        setOpened(pdf.document);
      },
      () => {
        if (!isGone) setOpened('broken');
      },
    );
    return () => {
      isGone = true;
      close();
    };
  }, [address]);
  if (opened === undefined) return <Skeleton lines={4} label={`Reading ${label}`} />;
  if (opened === 'broken') return fallback;
  return (
    <PdfPages document={opened} label={label} renderOverlay={renderOverlay} shownPage={shownPage} />
  );
}

interface PdfPagesProps extends Pick<PdfViewProps, 'label' | 'renderOverlay' | 'shownPage'> {
  readonly document: PDFDocumentProxy;
}

/** Each has its place from the beginning; beyond a number that is said there are none. */
export function PdfPages({ document, label, renderOverlay, shownPage }: PdfPagesProps) {
  const pagesRef = useRef<HTMLElement>(null);
  useEffect(() => {
    if (shownPage === undefined) return;
    pagesRef.current?.children.item(shownPage - 1)?.scrollIntoView({ block: 'nearest' });
  }, [shownPage]);
  const shownCount = Math.min(document.numPages, mostPages);
  return (
    <section
      ref={pagesRef}
      className={styles.pages}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={0}
      aria-label={`Contents of ${label}`}
    >
      {Array.from({ length: shownCount }, (_, index) => (
        <Page
          key={index}
          document={document}
          pageNumber={index + 1}
          renderOverlay={renderOverlay}
        />
      ))}
      {shownCount === document.numPages ? null : (
        <p className={styles.note}>
          The first {formatCount(shownCount)} of {formatCount(document.numPages)} pages. Save the
          file to read on with another program.
        </p>
      )}
    </section>
  );
}

interface PageProps {
  readonly document: PDFDocumentProxy;
  readonly pageNumber: number;
  readonly renderOverlay: PdfViewProps['renderOverlay'];
}

function Page({ document, pageNumber, renderOverlay }: PageProps) {
  const placeRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const [isNear, setIsNear] = useState(false);
  const [size, setSize] = useState<PdfPage>();
  const [text, setText] = useState('');

  useEffect(() => {
    const place = placeRef.current;
    if (place === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => setIsNear(entry?.isIntersecting === true),
      { rootMargin: '400px' },
    );
    observer.observe(place);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const canvas = canvasRef.current;
    if (!isNear || canvas === null) return;
    let isGone = false;
    let cancel = () => {};
    const draw = async () => {
      const page = await document.getPage(pageNumber);
      if (isGone) return;
      const { width, height } = page.getViewport({ scale: 1 });
      setSize({ number: pageNumber, width, height });
      const shownWidth = (placeRef.current?.clientWidth ?? width) * globalThis.devicePixelRatio;
      const scale = Math.min(
        shownWidth / width,
        Math.sqrt(mostPixels / (width * height)),
        longestSide / Math.max(width, height),
      );
      const viewport = page.getViewport({ scale });
      canvas.width = Math.floor(viewport.width);
      canvas.height = Math.floor(viewport.height);
      const drawing = page.render({ canvas, viewport });
      cancel = () => drawing.cancel();
      await drawing.promise;
      const { items } = await page.getTextContent();
      if (!isGone)
        setText(
          items
            .map((item) => ('str' in item ? item.str : ''))
            .join(' ')
            .slice(0, 20_000),
        );
    };
    // One page that cannot be drawn stays white; the others are there.
    draw().catch(() => {});
    return () => {
      isGone = true;
      cancel();
      // What is out of sight holds no pixels.
      canvas.width = 0;
      canvas.height = 0;
    };
  }, [document, pageNumber, isNear]);

  return (
    <div
      ref={placeRef}
      className={styles.page}
      style={{ aspectRatio: size === undefined ? usualRatio : size.width / size.height }}
    >
      <canvas
        ref={canvasRef}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is drawn, and has no address
        role="img"
        aria-label={`Page ${formatCount(pageNumber)} of ${formatCount(document.numPages)}${text === '' ? '' : `: ${text}`}`}
      />
      {size === undefined ? null : renderOverlay?.(size)}
    </div>
  );
}
