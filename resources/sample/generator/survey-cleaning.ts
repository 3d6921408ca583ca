import type { SurveyRow, Theme } from './survey.ts';

/** The code book that the task hands out: the first theme with a matching word wins. */
export const codeBook: readonly { readonly theme: Theme; readonly label: string; readonly words: readonly string[] }[] = [
  { theme: 'price', label: 'Price and value', words: ['preis', 'teuer', 'günstig', 'angebot'] },
  { theme: 'sugar', label: 'Sugar and sweetness', words: ['süß', 'zucker', 'honig', 'dattel'] },
  { theme: 'packaging', label: 'Packaging', words: ['verpackung', 'tüte', 'nachfüll', 'pfand', 'verschließ'] },
  { theme: 'taste', label: 'Taste and recipe', words: ['schmeck', 'geschmack', 'rosinen', 'nüsse', 'knusprig', 'trocken'] },
  { theme: 'availability', label: 'Availability and delivery', words: ['laden', 'lieferung', 'ausverkauft', 'versand'] },
];

const channelNames: readonly (readonly [RegExp, string])[] = [
  [/^(newsletter|nl)$/i, 'Newsletter'],
  [/^(instagram|ig|insta)$/i, 'Instagram'],
  [/^(wochen-?markt|markt)$/i, 'Wochenmarkt'],
  [/^(web[ -]?shop|online-shop)$/i, 'Webshop'],
];
const productNames = [
  'Beeren-Müsli',
  'Nuss & Honig',
  'Früchte ohne Zucker',
  'Schoko-Crunchy',
  'Apfel-Zimt Porridge',
  'Basis Hafer',
];

export const cleanedHeader = [
  'response_id',
  'submitted_at',
  'channel',
  'age_group',
  'postcode',
  'household_size',
  'favourite_product',
  'fair_price_eur',
  'would_recommend',
  'theme',
  'comment',
] as const;

export interface CleaningCounts {
  rowsRead: number;
  testRowsRemoved: number;
  duplicatesRemoved: number;
  datesRewritten: number;
  channelsUnified: number;
  ageGroupsUnified: number;
  pricesRewritten: number;
  scoresEmptied: number;
  householdSizesEmptied: number;
  postcodesPadded: number;
  rowsWritten: number;
}

export interface CleanedSurvey {
  readonly rows: readonly (readonly string[])[];
  readonly counts: CleaningCounts;
  readonly themes: Readonly<Record<string, number>>;
  readonly fairPriceByProduct: Readonly<Record<string, number>>;
  readonly recommendShare: number;
}

function cleanMoment(text: string): string {
  const german = /^(\d{2})\.(\d{2})\.(\d{4}) (\d{2}:\d{2})$/.exec(text);
  if (german !== null) return `${german[3] ?? ''}-${german[2] ?? ''}-${german[1] ?? ''}T${german[4] ?? ''}`;
  return text.replace(' ', 'T');
}

function cleanPrice(text: string): string {
  const digits = text.replace(/[^\d.,]/g, '').replace(/^[.,]+/, '').replace(',', '.');
  if (digits === '') return '';
  const value = Number(digits);
  return (value > 100 ? value / 100 : value).toFixed(2);
}

function findTheme(comment: string): string {
  if (comment === '') return '';
  const lower = comment.toLowerCase();
  return codeBook.find(({ words }) => words.some((word) => lower.includes(word)))?.theme ?? 'other';
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** What the intern's cleaning does; each rule is listed in the task's instructions. */
export function cleanSurvey(rows: readonly SurveyRow[]): CleanedSurvey {
  const counts: CleaningCounts = {
    rowsRead: rows.length,
    testRowsRemoved: 0,
    duplicatesRemoved: 0,
    datesRewritten: 0,
    channelsUnified: 0,
    ageGroupsUnified: 0,
    pricesRewritten: 0,
    scoresEmptied: 0,
    householdSizesEmptied: 0,
    postcodesPadded: 0,
    rowsWritten: 0,
  };
  const seen = new Set<string>();
  const output: string[][] = [];
  const themes: Record<string, number> = {};
  const pricesByProduct = new Map<string, number[]>();
  let promoters = 0;
  let scored = 0;
  for (const row of rows) {
    if (row.id.startsWith('TEST-')) {
      counts.testRowsRemoved += 1;
      continue;
    }
    if (seen.has(row.id)) {
      counts.duplicatesRemoved += 1;
      continue;
    }
    seen.add(row.id);
    const moment = cleanMoment(row.submittedAt);
    if (/^\d{2}\./.test(row.submittedAt)) counts.datesRewritten += 1;
    const channel = channelNames.find(([pattern]) => pattern.test(row.channel.trim()))?.[1] ?? row.channel;
    if (channel !== row.channel) counts.channelsUnified += 1;
    const ageGroup = row.ageGroup.replace(/ bis |-/, '–');
    if (ageGroup !== row.ageGroup) counts.ageGroupsUnified += 1;
    const postcode = row.postcode === '' ? '' : row.postcode.padStart(5, '0');
    if (postcode !== row.postcode) counts.postcodesPadded += 1;
    const household = Number(row.householdSize) > 12 ? '' : row.householdSize;
    if (household !== row.householdSize) counts.householdSizesEmptied += 1;
    const product = productNames.find((name) => name.toLowerCase() === row.product.toLowerCase()) ?? row.product;
    const price = cleanPrice(row.fairPrice);
    if (price !== row.fairPrice) counts.pricesRewritten += 1;
    const score = row.recommend.replace('/10', '');
    const recommend = Number(score) > 10 ? '' : score;
    if (recommend !== score) counts.scoresEmptied += 1;
    const comment = row.comment.trim();
    const theme = findTheme(comment);
    if (theme !== '') themes[theme] = (themes[theme] ?? 0) + 1;
    if (price !== '') pricesByProduct.set(product, [...(pricesByProduct.get(product) ?? []), Number(price)]);
    if (recommend !== '') {
      scored += 1;
      if (Number(recommend) >= 9) promoters += 1;
    }
    output.push([row.id, moment, channel, ageGroup, postcode, household, product, price, recommend, theme, comment]);
  }
  counts.rowsWritten = output.length;
  return {
    rows: output,
    counts,
    themes,
    fairPriceByProduct: Object.fromEntries(productNames.map((name) => [name, median(pricesByProduct.get(name) ?? [])])),
    recommendShare: Math.round((promoters / scored) * 1000) / 1000,
  };
}
