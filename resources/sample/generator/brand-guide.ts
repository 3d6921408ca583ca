import {
  collectPdf,
  contentWidth,
  createPdf,
  drawPdfMark,
  margin,
  pageHeight,
  pageWidth,
  type Pdf,
  pdfColors,
  writeBullets,
  writeFooters,
  writeHeading,
  writeParagraph,
  writeSubheading,
  writeTable,
} from './pdf-page.ts';

function writeCover(pdf: Pdf): void {
  pdf.addPage();
  pdf.rect(0, 0, pageWidth, pageHeight).fill(pdfColors.forest);
  pdf.rect(0, pageHeight - 190, pageWidth, 190).fill(pdfColors.oat);
  drawPdfMark(pdf, pageWidth / 2, 290, 190, pdfColors.grain);
  pdf.font('Helvetica-Bold').fontSize(52).fillColor(pdfColors.oat);
  pdf.text('Talkorn', 0, 420, { width: pageWidth, align: 'center' });
  pdf.font('Helvetica').fontSize(13).fillColor(pdfColors.grain);
  pdf.text('MÜSLIMANUFAKTUR', 0, 482, { width: pageWidth, align: 'center', characterSpacing: 3 });
  pdf.font('Helvetica-Bold').fontSize(20).fillColor(pdfColors.forest);
  pdf.text('Brand guide and research brief', margin, pageHeight - 140, { width: contentWidth });
  pdf.font('Helvetica').fontSize(11).fillColor(pdfColors.ink);
  pdf.text('For everyone who writes, draws or counts for us. Edition 7.', margin, pageHeight - 108, { width: contentWidth });
}

function writeCompany(pdf: Pdf): void {
  pdf.addPage();
  writeHeading(pdf, 'Who we are');
  writeParagraph(
    pdf,
    'Talkorn mixes muesli in a former joinery outside Leipzig. Eleven people, four tonnes a month, grain from farms ' +
      'within ninety kilometres. We sell at three weekly markets, in about sixty shops in Saxony and Thuringia, and since ' +
      'last autumn in our own web shop, which is where most of the growth comes from.',
  );
  writeParagraph(
    pdf,
    'We are neither the cheapest nor the most precious. Our customers read labels, cook often, and have little time in the ' +
      'morning. They do not want to be taught. They want to know what is inside, what it costs, and whether it tastes good.',
  );
  writeSubheading(pdf, 'The range');
  writeTable(pdf, {
    widths: [0.3, 0.38, 0.14, 0.18],
    header: ['Product', 'What is in it', 'Pack', 'Price'],
    rows: [
      ['Beeren-Müsli', 'Oats, blueberries, redcurrants, linseed', '500 g', '€5.49'],
      ['Nuss & Honig', 'Oats, hazelnuts, almonds, forest honey', '500 g', '€5.99'],
      ['Früchte ohne Zucker', 'Oats, apple, pear, plum; no added sugar', '500 g', '€5.79'],
      ['Schoko-Crunchy', 'Baked oats, dark chocolate, cocoa nibs', '450 g', '€5.99'],
      ['Apfel-Zimt Porridge', 'Fine oats, apple, Ceylon cinnamon', '400 g', '€4.79'],
      ['Basis Hafer', 'Three cuts of oats and nothing else', '750 g', '€3.99'],
    ],
  });
  writeSubheading(pdf, 'What we want to find out this spring');
  writeBullets(pdf, [
    'Where do our prices stand, per 100 g, next to the brands on the same shelf?',
    'What do the people who answered the February survey talk about when we do not ask them anything?',
    'Which two stories are worth telling on the blog before the market season opens?',
  ]);
}

function writeVoice(pdf: Pdf): void {
  pdf.addPage();
  writeHeading(pdf, 'How we write');
  writeParagraph(
    pdf,
    'Short sentences, ordinary words, one idea at a time. We write as we would talk across a market stall to somebody we ' +
      'like: friendly, exact, in no hurry to sell. British spelling in English. Product names stay German and are never ' +
      'translated or set in capitals.',
  );
  writeTable(pdf, {
    widths: [0.5, 0.5],
    header: ['We say', 'We do not say'],
    rows: [
      ['Seven grams of sugar in 100 g', 'Guilt-free, clean, sin-free'],
      ['Blueberries from the Lausitz, dried for 14 hours', 'Hand-picked superfruit'],
      ['It keeps you going until lunch', 'Boosts your metabolism'],
      ['It costs more because the oats do', 'Premium quality at its finest'],
      ['We do not know yet', 'Studies show'],
    ],
  });
  writeSubheading(pdf, 'Health claims');
  writeParagraph(
    pdf,
    'European law allows only listed health claims, in a fixed wording. In practice: say what is inside and how much, and ' +
      'leave the body out of it. If a sentence needs a footnote, it does not belong on the blog.',
  );
  writeSubheading(pdf, 'An article, from top to bottom');
  writeBullets(pdf, [
    'Title: up to 60 characters, with a verb in it if you can.',
    'Opening: a scene or a question; no history of cereal.',
    'Body: 250 to 400 words, two to four subheadings, one list at most.',
    'Numbers: always with their unit and where they come from.',
    'End: something the reader can do tomorrow morning. No "order now".',
    'Each picture has a caption and an alternative text of one sentence.',
  ]);
}

function writeLook(pdf: Pdf): void {
  pdf.addPage();
  writeHeading(pdf, 'How we look');
  writeParagraph(
    pdf,
    'Five colours carry everything. Forest is ours: use it for what belongs to Talkorn, in charts too. Grain marks one thing ' +
      'on a page, never two. Berry is for warnings and for the one figure that must not be missed.',
  );
  const swatches = [
    ['Forest', '#1F4D3A'],
    ['Moss', '#6D8F5E'],
    ['Oat', '#F4EAD8'],
    ['Grain', '#D9A441'],
    ['Berry', '#8C2F4B'],
  ] as const;
  const width = (contentWidth - 4 * 12) / 5;
  const top = pdf.y + 6;
  swatches.forEach(([name, color], index) => {
    const x = margin + index * (width + 12);
    pdf.roundedRect(x, top, width, 74, 6).fill(color);
    pdf.font('Helvetica-Bold').fontSize(10).fillColor(pdfColors.ink).text(name, x, top + 82, { width });
    pdf.font('Helvetica').fontSize(9).fillColor(pdfColors.muted).text(color, x, top + 96, { width });
  });
  pdf.y = top + 122;
  writeSubheading(pdf, 'The mark');
  const markTop = pdf.y + 4;
  pdf.roundedRect(margin, markTop, contentWidth / 2 - 8, 150, 6).fill(pdfColors.oat);
  drawPdfMark(pdf, margin + contentWidth / 4, markTop + 76, 92, pdfColors.forest);
  pdf.roundedRect(margin + contentWidth / 2 + 8, markTop, contentWidth / 2 - 8, 150, 6).fill(pdfColors.forest);
  drawPdfMark(pdf, margin + (contentWidth * 3) / 4, markTop + 76, 92, pdfColors.grain);
  pdf.y = markTop + 166;
  writeParagraph(
    pdf,
    'Leave free on every side what one grain of the ear measures in height. Forest on oat, or grain on forest; nothing else. ' +
      'Never turn it, never set it on a photograph.',
  );
  writeSubheading(pdf, 'Charts');
  writeBullets(pdf, [
    'Bars before lines, lines before anything round. Begin the axis at zero.',
    'Talkorn in forest, everybody else in one neutral tone.',
    'Title says what is measured; subtitle says when and how it was collected.',
    'Write values at the bars, with a point as the decimal mark.',
  ]);
}

function writeResearch(pdf: Pdf): void {
  pdf.addPage();
  writeHeading(pdf, 'How we collect and count');
  writeParagraph(
    pdf,
    'Our buyers look at your numbers and decide within a week, so a number that can be traced is worth more than a number ' +
      'that is precise. Note the source and the day for each price. If you are unsure, keep the row and say so.',
  );
  writeTable(pdf, {
    widths: [0.28, 0.72],
    header: ['Rule', 'What it means'],
    rows: [
      ['Comparable unit', 'Euro per 100 g, rounded to the cent, computed from the pack price and weight.'],
      ['Shelf price', 'The ordinary price. Offers, loyalty cards and multipacks are left out.'],
      ['Day of collection', 'Written as year-month-day, in its own column, for each row.'],
      ['Own products', 'Included in the same table, taken from our web shop.'],
      ['Missing values', 'An empty cell. Never 0, never "n/a", never a guess.'],
      ['People', 'No names, no e-mail addresses, no free text that lets somebody be recognised.'],
    ],
  });
  writeSubheading(pdf, 'Files');
  writeParagraph(
    pdf,
    'CSV in UTF-8 with commas and a header line. Pictures as PNG (charts) or JPEG (photographs), at least 1,200 pixels wide. ' +
      'Articles as Markdown. One file per thing, with a name that a colleague understands in a year.',
  );
  writeSubheading(pdf, 'Whom to ask');
  writeParagraph(
    pdf,
    'Annika Brüggemann answers within one working day, usually in the evening. A question that would stop your work ' +
      'belongs in the note of a submission as well: hand in what you have, and say what you assumed.',
  );
}

export async function createBrandGuide(): Promise<Uint8Array> {
  const pdf = createPdf('Talkorn brand guide and research brief', 'Talkorn Müslimanufaktur');
  writeCover(pdf);
  writeCompany(pdf);
  writeVoice(pdf);
  writeLook(pdf);
  writeResearch(pdf);
  writeFooters(pdf, 'Talkorn brand guide, edition 7');
  return collectPdf(pdf);
}
