import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import PDFDocument from 'pdfkit';
import { escapeHtml } from '../escape-html.ts';
import { breakLines } from './break-lines.ts';
import { ReportLayout } from './lay-out-report.ts';
import type { PdfDocument } from './pdfkit-parts.ts';
import { readReportHtml } from './read-report-html.ts';
import { findFontPath, readCharacters, ReportFonts } from './report-fonts.ts';
import { margins, pageSize, TaggedPages } from './tagged-pages.ts';

export interface WrittenPdf {
  readonly sizeBytes: number;
  readonly sha256: string;
}

const producer = 'Stint';
const pieceBytes = 256 * 1024;

/** What is said at the beginning where a character has no letterform in the fonts. */
export const boxNote =
  'Some characters here are shown as boxes with their Unicode numbers, because the fonts in this file do not have them. They are found and copied as what they are, and the page index.html beside this file shows them in the fonts of your computer.';

/**
 * Writes the page of a report as a PDF to `target`: tagged, with the text as text, the fonts inside, and the same
 * bytes for the same page on every machine. Page after page goes to the disk, so a long report takes little memory.
 * It takes its time, and belongs in a thread of its own.
 *
 * @param page made by this program; what it says is what the PDF says.
 * @param madeAt the moment that the PDF carries: that of the newest data, in UTC.
 */
export function writeReportPdf(page: string, madeAt: string, target: string): WrittenPdf {
  const title = readTitle(page);
  // oxlint-disable-next-line no-restricted-globals -- pdfkit takes a moment as this; it is one of the data, and no clock is read
  const createdAt = new Date(madeAt);
  const document = new PDFDocument({
    autoFirstPage: false,
    size: [pageSize.width, pageSize.height],
    margins: { top: margins.top, bottom: margins.bottom, left: margins.side, right: margins.side },
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    // Compressors differ between processors and versions, and the bytes must not.
    compress: false,
    font: findFontPath('regular'),
    info: { Title: title, Producer: producer, Creator: producer, CreationDate: createdAt },
  }) as unknown as PdfDocument;
  const output = new PieceWriter(target);
  try {
    // What it has written until now lies in its buffer; from here on nothing does.
    const begun = document.read();
    if (begun !== null) output.write(begun);
    document._write = (data) => {
      document._offset += output.write(data);
    };
    document.push = () => true;
    // Its file identifier would be made from the title and the date alone.
    document._id = createHash('sha256').update(page, 'utf8').digest().subarray(0, 16);
    document.endMetadata = () => writeMetadata(document, title, madeAt);
    const fonts = new ReportFonts(document);
    const pages = new TaggedPages(document, (number) => drawFooter(pages, fonts, title, number));
    pages.breakPage();
    pages.begin('Document');
    new ReportLayout(pages, fonts, hasBoxes(page, fonts) ? boxNote : undefined).layOut(page);
    pages.end();
    pages.finish();
    fonts.finish();
    document.end();
    return output.finish();
  } finally {
    output.close();
  }
}

/** Writes in pieces, and hashes them on the way. */
class PieceWriter {
  readonly #descriptor: number;
  readonly #hash = createHash('sha256');
  /** One that is used again and again: an object of a PDF is written in ten small parts. */
  readonly #piece = Buffer.allocUnsafeSlow(pieceBytes);
  #filledBytes = 0;
  #sizeBytes = 0;

  constructor(target: string) {
    this.#descriptor = openSync(target, 'w', 0o600);
  }

  /** A text is a line of bytes, one for each character. @returns how many bytes it was */
  write(data: string | Uint8Array): number {
    const sizeBytes = typeof data === 'string' ? data.length + 1 : data.byteLength;
    if (sizeBytes > pieceBytes) {
      this.#flush();
      this.#put(typeof data === 'string' ? Buffer.from(`${data}\n`, 'latin1') : data);
      return sizeBytes;
    }
    if (this.#filledBytes + sizeBytes > pieceBytes) this.#flush();
    if (typeof data === 'string') {
      this.#piece.write(data, this.#filledBytes, 'latin1');
      this.#piece[this.#filledBytes + data.length] = 0x0a;
    } else {
      this.#piece.set(data, this.#filledBytes);
    }
    this.#filledBytes += sizeBytes;
    return sizeBytes;
  }

  finish(): WrittenPdf {
    this.#flush();
    fsyncSync(this.#descriptor);
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('hex') };
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #flush(): void {
    this.#put(this.#piece.subarray(0, this.#filledBytes));
    this.#filledBytes = 0;
  }

  #put(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    for (let written = 0; written < bytes.byteLength;)
      written += writeSync(this.#descriptor, bytes, written);
    this.#sizeBytes += bytes.byteLength;
  }
}

function readTitle(page: string): string {
  let isTitle = false;
  let title = '';
  for (const token of readReportHtml(page)) {
    if (token.kind === 'open' && token.tag === 'title') isTitle = true;
    else if (token.kind === 'close' && token.tag === 'title') break;
    else if (isTitle && token.kind === 'text') title += token.text;
  }
  return readCharacters(title)
    .join('')
    .replaceAll(/\p{Cc}+/gu, ' ');
}

function hasBoxes(page: string, fonts: ReportFonts): boolean {
  const known = new Set<string>(['\n', '\r']);
  for (const token of readReportHtml(page)) {
    if (token.kind !== 'text') continue;
    for (const character of readCharacters(token.text)) {
      if (known.has(character)) continue;
      if (!fonts.has(character)) return true;
      known.add(character);
    }
  }
  return false;
}

function drawFooter(pages: TaggedPages, fonts: ReportFonts, title: string, number: number): void {
  const style = { face: 'regular', color: '0.36 0.4 0.46', address: undefined } as const;
  const size = 8;
  const baseline = pageSize.height - margins.bottom / 2;
  const width = pageSize.width - 2 * margins.side;
  const [name] = breakLines([{ text: title, style }], width - 80, size, fonts);
  const [page] = breakLines([{ text: `Page ${number}`, style }], 80, size, fonts);
  pages.drawArtifact(() => {
    if (name !== undefined) pages.drawPlainLine(name, margins.side, baseline, size);
    if (page !== undefined)
      pages.drawPlainLine(page, pageSize.width - margins.side - page.width, baseline, size);
  }, 'Pagination');
}

/** What programs that know nothing of PDF read of it (ISO 16684-1); pdfkit's own does not escape the title. */
function writeMetadata(document: PdfDocument, title: string, madeAt: string): void {
  const moment = `${madeAt.slice(0, 19)}Z`;
  const metadata = document.ref({ Type: 'Metadata', Subtype: 'XML' });
  metadata.end(
    Buffer.from(
      `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<xmp:CreateDate>${moment}</xmp:CreateDate>
<xmp:CreatorTool>${producer}</xmp:CreatorTool>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeHtml(title)}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>en</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>${producer}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`,
      'utf8',
    ),
  );
  document._root.data['Metadata'] = metadata;
}
