import {
  collectPdf,
  contentWidth,
  createPdf,
  drawPdfMark,
  margin,
  pageWidth,
  pdfColors,
  writeBullets,
  writeParagraph,
  writeSubheading,
  writeTable,
} from './pdf-page.ts';
import type { CleanedSurvey } from './survey-cleaning.ts';

/** The intern's one-page summary: three figures, what follows from them, and the plan by week. */
export async function createLaunchPlan(survey: CleanedSurvey): Promise<Uint8Array> {
  const pdf = createPdf('Spring launch plan', 'Inês Carvalho');
  pdf.addPage();
  pdf.rect(0, 0, pageWidth, 112).fill(pdfColors.forest);
  drawPdfMark(pdf, pageWidth - margin - 18, 57, 62, pdfColors.grain);
  pdf.font('Helvetica-Bold').fontSize(25).fillColor(pdfColors.oat).text('Spring launch plan', margin, 36);
  pdf.font('Helvetica').fontSize(11).fillColor(pdfColors.oat);
  pdf.text('What prices, customers and stories say, on one page', margin, 68);

  const themed = Object.values(survey.themes).reduce((sum, count) => sum + count, 0);
  const priceShare = Math.round(((survey.themes['price'] ?? 0) / themed) * 100);
  const tiles = [
    ['€1.16', 'median price of our own range per 100 g; the median of all sixteen products is €1.20'],
    [`${String(priceShare)} %`, `of ${themed.toLocaleString('en-GB')} comments are about price and value; taste leads`],
    [`${String(Math.round(survey.recommendShare * 100))} %`, 'would recommend us with a nine or a ten out of ten'],
  ] as const;
  const width = (contentWidth - 2 * 14) / 3;
  tiles.forEach(([figure, meaning], index) => {
    const x = margin + index * (width + 14);
    pdf.roundedRect(x, 138, width, 104, 6).fill(pdfColors.oat);
    pdf.font('Helvetica-Bold').fontSize(27).fillColor(pdfColors.forest).text(figure, x + 14, 152, { width: width - 28 });
    pdf.font('Helvetica').fontSize(9).fillColor(pdfColors.ink).text(meaning, x + 14, 188, { width: width - 28, lineGap: 2 });
  });
  pdf.y = 256;
  writeSubheading(pdf, 'What follows');
  writeBullets(pdf, [
    'Keep the prices. We sit in the middle of the shelf, and the dearer brands sell smaller packs.',
    'Print the price per 100 g on the shelf card: customers ask for it in their own words.',
    'Offer a 1 kg family pack of Beeren-Müsli, which answers most comments about price without a discount.',
    'Fix the closure of the bag. It is the complaint that comes with the angriest words and the cheapest remedy.',
  ]);
  writeSubheading(pdf, 'Plan');
  writeTable(pdf, {
    widths: [0.14, 0.5, 0.2, 0.16],
    header: ['Week', 'What', 'Who', 'Cost'],
    rows: [
      ['1', 'Publish "A better breakfast before eight"', 'Annika', 'none'],
      ['2', 'Shelf cards with the price per 100 g, three markets', 'Jörg', '€180'],
      ['3', 'Publish "Müsli am See", with the lake picture', 'Annika', 'none'],
      ['4', 'Try a family pack at the Saturday market, 60 bags', 'Selin', '€240'],
      ['6', 'Ask the same survey question again, in the shop only', 'Annika', 'none'],
    ],
  });
  writeSubheading(pdf, 'What we do not know');
  writeParagraph(
    pdf,
    'The survey reached people who already buy from us, so it says little about those who do not. Prices were ' +
      'collected in one town and on four days. Both are good enough to choose a story, and not enough to set a price.',
  );
  return collectPdf(pdf);
}
