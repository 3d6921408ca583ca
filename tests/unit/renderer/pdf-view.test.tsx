import type { PDFDocumentProxy } from 'pdfjs-dist';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { PdfPages } from '../../../src/renderer/ui/pdf-view.tsx';

const render = (numPages: number) =>
  renderToStaticMarkup(
    <PdfPages
      document={{ numPages } as PDFDocumentProxy}
      label="a.pdf"
      renderOverlay={undefined}
      shownPage={undefined}
    />,
  );
const countPages = (html: string) => (html.match(/<canvas/gu) ?? []).length;

test('of a PDF with more pages than anybody reads the first have a place, and the rest is said', () => {
  const html = render(100_000_000);
  expect(countPages(html)).toBe(2000);
  expect(html).toContain('The first 2,000 of 100,000,000 pages');
});

test('a PDF of some pages has a place for each', () => {
  const html = render(300);
  expect(countPages(html)).toBe(300);
  expect(html).not.toContain('The first');
});
