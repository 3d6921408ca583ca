import PDFDocument from 'pdfkit';

export const pdfColors = {
  forest: '#1f4d3a',
  moss: '#6d8f5e',
  oat: '#f4ead8',
  grain: '#d9a441',
  berry: '#8c2f4b',
  ink: '#24231f',
  muted: '#6b6a63',
  line: '#ddd6c6',
} as const;

export const margin = 56;
export const pageWidth = 595.28;
export const pageHeight = 841.89;
export const contentWidth = pageWidth - margin * 2;

export interface Table {
  readonly widths: readonly number[];
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export type Pdf = PDFKit.PDFDocument;

/**
 * A4 with a fixed date and without compression: the document's id is derived from the date, and compressed
 * streams would differ between builds of zlib.
 */
export function createPdf(title: string, author: string): Pdf {
  const createdAt = new Date(Date.UTC(2026, 1, 27, 9, 0, 0));
  return new PDFDocument({
    size: 'A4',
    margin,
    compress: false,
    autoFirstPage: false,
    bufferPages: true,
    lang: 'en',
    info: { Title: title, Author: author, CreationDate: createdAt, ModDate: createdAt },
  });
}

export async function collectPdf(pdf: Pdf): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const finished = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  pdf.end();
  await finished;
  return Buffer.concat(chunks);
}

export function drawPdfMark(pdf: Pdf, x: number, y: number, size: number, color: string): void {
  const unit = size / 100;
  pdf.save().translate(x, y).scale(unit);
  pdf.lineWidth(5).lineCap('round').moveTo(0, 46).lineTo(0, -20).stroke(color);
  pdf.ellipse(0, -34, 8, 16).fill(color);
  for (const side of [-1, 1]) {
    for (const height of [-12, 14]) {
      pdf.save().rotate(side * 35, { origin: [side * 15, height] });
      pdf.ellipse(side * 15, height, 8, 17).fill(color);
      pdf.restore();
    }
  }
  pdf.restore();
}

export function writeHeading(pdf: Pdf, text: string): void {
  pdf.font('Helvetica-Bold').fontSize(24).fillColor(pdfColors.forest).text(text, margin, pdf.y, { width: contentWidth });
  pdf.moveDown(0.45);
}

export function writeSubheading(pdf: Pdf, text: string): void {
  pdf.moveDown(0.7);
  pdf.font('Helvetica-Bold').fontSize(12.5).fillColor(pdfColors.ink).text(text, margin, pdf.y, { width: contentWidth });
  pdf.moveDown(0.3);
}

export function writeParagraph(pdf: Pdf, text: string): void {
  pdf.font('Helvetica').fontSize(10.5).fillColor(pdfColors.ink);
  pdf.text(text, margin, pdf.y, { width: contentWidth, lineGap: 3.5 });
  pdf.moveDown(0.6);
}

export function writeBullets(pdf: Pdf, items: readonly string[]): void {
  for (const item of items) {
    pdf.circle(margin + 4, pdf.y + 5.5, 1.8).fill(pdfColors.grain);
    pdf.font('Helvetica').fontSize(10.5).fillColor(pdfColors.ink);
    pdf.text(item, margin + 16, pdf.y, { width: contentWidth - 16, lineGap: 3 });
    pdf.moveDown(0.35);
  }
}

export function writeTable(pdf: Pdf, { widths, header, rows }: Table): void {
  const writeRow = (cells: readonly string[], isHeader: boolean): void => {
    pdf.font(isHeader ? 'Helvetica-Bold' : 'Helvetica').fontSize(9.5).fillColor(isHeader ? pdfColors.forest : pdfColors.ink);
    const top = pdf.y;
    let bottom = top;
    let x = margin;
    cells.forEach((cell, index) => {
      const width = (widths[index] ?? 0) * contentWidth;
      pdf.text(cell, x, top + 7, { width: width - 10, lineGap: 2 });
      bottom = Math.max(bottom, pdf.y);
      x += width;
    });
    bottom += 3;
    pdf.lineWidth(isHeader ? 1 : 0.5).moveTo(margin, bottom).lineTo(margin + contentWidth, bottom);
    pdf.stroke(isHeader ? pdfColors.forest : pdfColors.line);
    pdf.y = bottom;
  };
  writeRow(header, true);
  for (const cells of rows) writeRow(cells, false);
  pdf.moveDown(0.9);
}

/** Page numbers for all pages but the cover. */
export function writeFooters(pdf: Pdf, label: string): void {
  const { count } = pdf.bufferedPageRange();
  for (let page = 1; page < count; page += 1) {
    pdf.switchToPage(page);
    // The footer stands inside the bottom margin, where text would otherwise start a new page.
    pdf.page.margins.bottom = 0;
    pdf.font('Helvetica').fontSize(8.5).fillColor(pdfColors.muted);
    pdf.text(label, margin, pageHeight - 38, { width: contentWidth / 2, lineBreak: false });
    pdf.text(`${String(page + 1)} / ${String(count)}`, margin + contentWidth / 2, pageHeight - 38, {
      width: contentWidth / 2,
      align: 'right',
      lineBreak: false,
    });
  }
}
