import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

export const surveyHeader = [
  'response_id',
  'submitted_at',
  'channel',
  'age_group',
  'postcode',
  'household_size',
  'favourite_product',
  'fair_price_500g',
  'would_recommend',
  'comment',
] as const;

const channels = [
  ['Newsletter', 42],
  ['Instagram', 24],
  ['Wochenmarkt', 18],
  ['Webshop', 16],
] as const;
const channelSpellings: Readonly<Record<string, readonly string[]>> = {
  Newsletter: ['newsletter', 'Newsletter ', 'NL'],
  Instagram: ['instagram', 'IG', 'Insta'],
  Wochenmarkt: ['Markt', 'wochenmarkt', 'Wochen-Markt'],
  Webshop: ['web shop', 'Web-Shop', 'Online-Shop'],
};
const ageGroups = [
  ['18–24', 14],
  ['25–34', 31],
  ['35–44', 26],
  ['45–54', 16],
  ['55–64', 9],
  ['65+', 4],
] as const;
const products = [
  ['Beeren-Müsli', 30],
  ['Nuss & Honig', 22],
  ['Früchte ohne Zucker', 17],
  ['Schoko-Crunchy', 15],
  ['Apfel-Zimt Porridge', 10],
  ['Basis Hafer', 6],
] as const;

/** Comments by theme; the last theme has none of the code book's words. */
const comments = {
  price: [
    'Lecker, aber auf Dauer zu teuer für uns vier.',
    'Der Preis ist okay, wenn es mal ein Angebot gibt.',
    'Würde öfter kaufen, wenn die 1-kg-Packung günstiger wäre.',
    'Preis pro 100 g bitte aufs Etikett, sonst vergleiche ich nicht.',
    'Teuer, aber man schmeckt den Unterschied.',
  ],
  sugar: [
    'Endlich eins, das nicht so süß ist!',
    'Mir immer noch zu viel Zucker im Crunchy.',
    'Honig statt Zucker finde ich gut, Datteln wären noch besser.',
    'Kinder wollen es süßer, ich nicht. "Kompromiss" gesucht.',
  ],
  packaging: [
    'Die Tüte lässt sich nicht wieder verschließen.',
    'Papierverpackung super, bitte so lassen.',
    'Bitte Nachfüllpackungen, am liebsten im Pfandglas.',
    'Verpackung reißt beim Öffnen jedes Mal ein.',
  ],
  taste: [
    'Der Geschmack ist großartig, knusprig bis zum Schluss.',
    'Zu viele Rosinen, bitte weniger!',
    'Mehr Nüsse, weniger Flocken.',
    'Schmeckt wie bei meiner Großmutter, crème brûlée unter den Müslis :)',
    'Die Heidelbeeren sind etwas trocken, der Rest schmeckt prima.',
  ],
  availability: [
    'Im Laden um die Ecke leider nie zu finden.',
    'Lieferung nach Österreich wäre schön.',
    'Samstags auf dem Markt oft schon ausverkauft.',
    'Versand dauert zu lange, sonst alles gut.',
  ],
  other: [
    'Weiter so!',
    'Danke für die nette Postkarte im Paket.',
    'Frühstück ist bei uns die wichtigste Stunde.',
    'Grüße aus Łódź, wir vermissen euch.',
    'Liebe Grüße von Zoë und Jürgen',
    'keine Angabe',
  ],
} as const;

export type Theme = keyof typeof comments;

export interface SurveyRow {
  readonly id: string;
  readonly submittedAt: string;
  readonly channel: string;
  readonly ageGroup: string;
  readonly postcode: string;
  readonly householdSize: string;
  readonly product: string;
  readonly fairPrice: string;
  readonly recommend: string;
  readonly comment: string;
}

const pad = (value: number): string => String(value).padStart(2, '0');

function writeMoment(random: SeededRandom): string {
  const month = random.between(1, 2);
  const day = random.between(1, month === 1 ? 31 : 28);
  const time = `${pad(random.between(6, 23))}:${pad(random.between(0, 59))}`;
  return random.chance(0.14) ? `${pad(day)}.${pad(month)}.2026 ${time}` : `2026-${pad(month)}-${pad(day)} ${time}`;
}

function writePrice(random: SeededRandom): string {
  if (random.chance(0.05)) return '';
  const cents = 299 + random.between(0, 26) * 10 + random.pickWeighted([[0, 6] as const, [50, 2] as const]);
  const decimal = (cents / 100).toFixed(2);
  const comma = decimal.replace('.', ',');
  return random.pickWeighted([
    [decimal, 70],
    [comma, 14],
    [`${comma} €`, 9],
    [`EUR ${decimal}`, 4],
    [`ca. ${comma}`, 2],
    [String(cents), 1],
  ]);
}

function writeRecommend(random: SeededRandom): string {
  const score = random.pickWeighted([
    [10, 19],
    [9, 22],
    [8, 24],
    [7, 15],
    [6, 8],
    [5, 5],
    [4, 3],
    [2, 2],
    [0, 2],
  ]);
  return random.pickWeighted([
    [String(score), 92],
    [`${String(score)}/10`, 5],
    ['11', 1],
    ['', 2],
  ]);
}

function writeAgeGroup(random: SeededRandom): string {
  const group = random.pickWeighted(ageGroups);
  return random.pickWeighted([
    [group, 84],
    [group.replace('–', '-'), 10],
    [group.replace('–', ' bis '), 4],
    ['', 2],
  ]);
}

function createRow(random: SeededRandom, number: number): SurveyRow {
  const channel = random.pickWeighted(channels);
  const theme = random.pickWeighted<Theme>([
    ['price', 20],
    ['sugar', 15],
    ['packaging', 14],
    ['taste', 24],
    ['availability', 13],
    ['other', 14],
  ]);
  let comment: string = random.pick(comments[theme]);
  if (random.chance(0.06)) comment = `${comment}\n${random.pick(comments.other)}`;
  if (random.chance(0.05)) comment = `  ${comment} `;
  if (random.chance(0.34)) comment = '';
  return {
    id: `R-${String(number).padStart(5, '0')}`,
    submittedAt: writeMoment(random),
    channel: random.chance(0.13) ? random.pick(channelSpellings[channel] ?? [channel]) : channel,
    ageGroup: writeAgeGroup(random),
    postcode: random.chance(0.03) ? '' : `0${String(random.between(4000, 9999))}`.slice(random.chance(0.06) ? 1 : 0),
    householdSize: random.pickWeighted([['1', 24], ['2', 36], ['3', 17], ['4', 16], ['5', 5], ['', 1], ['22', 1]]),
    product: random.chance(0.04) ? random.pickWeighted(products).toUpperCase() : random.pickWeighted(products),
    fairPrice: writePrice(random),
    recommend: writeRecommend(random),
    comment,
  };
}

/** About 4,000 responses as the survey tool exported them: repeated, misspelt and with a few test rows. */
export function createSurvey(): SurveyRow[] {
  const random = createSeededRandom(4_000);
  const rows: SurveyRow[] = [];
  for (let number = 1; number <= 3_940; number += 1) {
    const row = createRow(random, number);
    rows.push(row);
    if (random.chance(0.016)) rows.push(row);
    if (random.chance(0.003)) rows.push({ ...row, id: `TEST-${String(number)}`, comment: 'Test, bitte ignorieren' });
  }
  return rows;
}

export function toCells(row: SurveyRow): string[] {
  return [
    row.id,
    row.submittedAt,
    row.channel,
    row.ageGroup,
    row.postcode,
    row.householdSize,
    row.product,
    row.fairPrice,
    row.recommend,
    row.comment,
  ];
}
