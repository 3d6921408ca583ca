import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBrandGuide } from './generator/brand-guide.ts';
import { encodeCsv } from './generator/csv-writer.ts';
import { drawBreakfastTable, drawLakeMorning, drawPackshot } from './generator/illustrations.ts';
import { encodeJpeg } from './generator/jpeg-encoder.ts';
import { createLaunchPlan } from './generator/launch-plan.ts';
import { encodePng } from './generator/png-encoder.ts';
import { drawPriceChart, listPriceCells } from './generator/price-survey.ts';
import { cleanedHeader, cleanSurvey, codeBook } from './generator/survey-cleaning.ts';
import { createSurvey, surveyHeader, toCells } from './generator/survey.ts';

const encodeJson = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`, 'utf8');

/**
 * Writes every generated file of the sample below `folder` and returns their paths, relative to it. The same
 * bytes come out each time and on each machine: all randomness is seeded, dates are fixed, and nothing is
 * compressed by a library whose output may change.
 */
export async function generateSampleFiles(folder: string): Promise<string[]> {
  const survey = createSurvey();
  const cleaned = cleanSurvey(survey);
  const breakfast = encodeJpeg(drawBreakfastTable(), 84);
  const files: Readonly<Record<string, Uint8Array>> = {
    'reference/Talkorn brand guide & research brief.pdf': await createBrandGuide(),
    'reference/Packshot Beeren-Müsli.png': encodePng(drawPackshot()),
    'reference/Frühstückstisch.jpg': breakfast,
    'reference/Kundenumfrage Februar (Rohdaten).csv': encodeCsv([surveyHeader, ...survey.map(toCells)]),
    'reference/code book.json': encodeJson({ version: 3, rule: 'first theme with a matching word wins', themes: codeBook }),
    'deliverables/first/Preisübersicht Müsli – März.csv': encodeCsv(listPriceCells('first')),
    'deliverables/first/Preisvergleich pro 100 g.png': encodePng(drawPriceChart('first')),
    'deliverables/second/Preisübersicht Müsli – März.csv': encodeCsv(listPriceCells('second')),
    'deliverables/second/Preisvergleich pro 100 g.png': encodePng(drawPriceChart('second')),
    'deliverables/first/Kundenumfrage – bereinigt.csv': encodeCsv([cleanedHeader, ...cleaned.rows]),
    'deliverables/first/cleaning log.json': encodeJson({
      source: 'Kundenumfrage Februar (Rohdaten).csv',
      counts: cleaned.counts,
      themes: cleaned.themes,
    }),
    'deliverables/first/breakfast table.jpg': breakfast,
    'deliverables/first/Müsli am See.jpg': encodeJpeg(drawLakeMorning(), 82),
    'deliverables/first/🌱 launch plan.pdf': await createLaunchPlan(cleaned),
    'deliverables/first/figures.json': encodeJson({
      currency: 'EUR',
      medianPricePer100g: { talkorn: 1.16, allProducts: 1.2 },
      themes: cleaned.themes,
      fairPriceByProduct: cleaned.fairPriceByProduct,
      wouldRecommendNineOrTen: cleaned.recommendShare,
    }),
  };
  for (const [path, bytes] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
  return Object.keys(files);
}

const ownPath = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && resolve(process.argv[1]) === ownPath) {
  const folder = process.argv[2] ?? dirname(ownPath);
  const paths = await generateSampleFiles(folder);
  process.stdout.write(`${paths.map((path) => `${path}\n`).join('')}`);
}
