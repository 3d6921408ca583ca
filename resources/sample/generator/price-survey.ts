import { Canvas, parseColor, rectangle } from './canvas.ts';
import { brand } from './illustrations.ts';
import { drawText } from './lettering.ts';

export interface PriceRow {
  readonly maker: string;
  readonly product: string;
  readonly shop: string;
  readonly packGrams: number;
  readonly priceCents: number;
  readonly isOrganic: boolean;
  readonly sugarPer100g: number;
  readonly collectedOn: string;
}

const row = (
  maker: string,
  product: string,
  shop: string,
  packGrams: number,
  priceCents: number,
  isOrganic: boolean,
  sugarPer100g: number,
  collectedOn: string,
): PriceRow => ({ maker, product, shop, packGrams, priceCents, isOrganic, sugarPer100g, collectedOn });

export const priceRows: readonly PriceRow[] = [
  row('Talkorn', 'Beeren-Müsli', 'Own web shop', 500, 549, true, 7.8, '2026-03-03'),
  row('Talkorn', 'Nuss & Honig', 'Own web shop', 500, 599, true, 12.4, '2026-03-03'),
  row('Talkorn', 'Früchte ohne Zucker', 'Own web shop', 500, 579, true, 9.1, '2026-03-03'),
  row('Hofgold', 'Beerenzauber', 'Organic market', 375, 449, true, 11.2, '2026-03-03'),
  row('Hofgold', 'Nuss Crunch', 'Organic market', 375, 479, true, 18.6, '2026-03-03'),
  row('Avena Nova', 'Früchtemüsli', 'Supermarket', 750, 429, false, 16.9, '2026-03-04'),
  row('Avena Nova', 'Hafer Pur', 'Supermarket', 1000, 379, false, 1.1, '2026-03-04'),
  row('Bergfrühstück', 'Gipfel-Müsli', 'Own web shop', 450, 690, true, 8.3, '2026-03-04'),
  row('Bergfrühstück', 'Heidelbeer-Porridge', 'Own web shop', 400, 650, true, 10.5, '2026-03-04'),
  row('Nussbaum & Söhne', 'Großmutters Mischung', 'Farm shop', 500, 620, true, 13.7, '2026-03-05'),
  row("Crème d'Avoine", 'Pommes & Cannelle', 'Delicatessen', 350, 590, false, 15.2, '2026-03-05'),
  row("Crème d'Avoine", 'Fruits rouges', 'Delicatessen', 350, 610, false, 14.8, '2026-03-05'),
  row('Müsliwerk Süd', 'Basis 5-Korn', 'Discounter', 1000, 249, false, 2.4, '2026-03-05'),
  row('Müsliwerk Süd', 'Schoko-Knusper', 'Discounter', 600, 289, false, 24.5, '2026-03-05'),
  row('Müsliwerk Süd', 'Bio Beeren', 'Discounter', 500, 329, true, 12.9, '2026-03-05'),
  row('Øland Grød', 'Blåbær & Havre', 'Organic market', 400, 575, true, 6.9, '2026-03-06'),
];

/** In the first delivery these two rows carry the price of the pack in the column for 100 g. */
const miscalculated = new Set(['Hafer Pur', 'Basis 5-Korn']);

export type PriceRevision = 'first' | 'second';

export function computeCentsPer100g(item: PriceRow, revision: PriceRevision): number {
  if (revision === 'first' && miscalculated.has(item.product)) return item.priceCents;
  return Math.round((item.priceCents / item.packGrams) * 100);
}

const euros = (cents: number): string => (cents / 100).toFixed(2);

/** The first delivery lacks the column with the day of collection; the review asks for it. */
export function listPriceCells(revision: PriceRevision): string[][] {
  const dateHeader = revision === 'second' ? ['collected_on'] : [];
  const header = ['maker', 'product', 'shop_type', 'pack_g', 'price_eur', 'price_per_100g_eur', 'organic', 'sugar_g_per_100g'];
  return [
    [...header, ...dateHeader],
    ...priceRows.map((item) => [
      item.maker,
      item.product,
      item.shop,
      String(item.packGrams),
      euros(item.priceCents),
      euros(computeCentsPer100g(item, revision)),
      item.isOrganic ? 'yes' : 'no',
      item.sugarPer100g.toFixed(1),
      ...(revision === 'second' ? [item.collectedOn] : []),
    ]),
  ];
}

/** Horizontal bars of the price per 100 g, dearest first, Talkorn in its own green. */
export function drawPriceChart(revision: PriceRevision): Canvas {
  const canvas = new Canvas(1400, 980, parseColor('#ffffff'));
  const muted = parseColor('#6b6a63');
  const line = parseColor('#e4e1d8');
  const items = priceRows
    .map((item) => ({ ...item, cents: computeCentsPer100g(item, revision) }))
    .sort((one, other) => other.cents - one.cents || (one.product < other.product ? -1 : 1));
  const largest = revision === 'first' ? 400 : 200;
  const step = largest / 4;
  const left = 470;
  const right = 1310;
  const top = 150;
  const rowHeight = 46;
  const bottom = top + items.length * rowHeight;
  const toX = (cents: number): number => left + ((right - left) * cents) / largest;

  drawText(canvas, 'Price of 100 g of muesli, March', 60, 72, { size: 36, paint: brand.ink, isBold: true });
  const subtitle = revision === 'second' ? '16 products, shelf price without offers, collected 3 to 6 March' : '16 products';
  drawText(canvas, subtitle, 60, 108, { size: 21, paint: muted });
  for (let cents = 0; cents <= largest; cents += step) {
    canvas.fill([rectangle(Math.round(toX(cents)), top - 8, 1, bottom - top + 12)], line);
    drawText(canvas, `${euros(cents)} €`, toX(cents), bottom + 34, { size: 18, paint: muted, align: 'center' });
  }
  if (revision === 'second') {
    const sorted = items.map((item) => item.cents).sort((one, other) => one - other);
    const middle = ((sorted[7] ?? 0) + (sorted[8] ?? 0)) / 2;
    canvas.fill([rectangle(Math.round(toX(middle)) - 1, top - 8, 2, bottom - top + 12)], brand.berry);
    drawText(canvas, `Median ${euros(middle)} €`, toX(middle), top - 16, { size: 18, paint: brand.berry, align: 'center' });
  }
  items.forEach((item, index) => {
    const y = top + index * rowHeight;
    const isOwn = item.maker === 'Talkorn';
    drawText(canvas, `${item.maker}, ${item.product}`, left - 18, y + 27, {
      size: 19,
      paint: isOwn ? brand.forest : brand.ink,
      align: 'right',
      isBold: isOwn,
    });
    canvas.fill([rectangle(left, y + 6, toX(item.cents) - left, 29, 3)], isOwn ? brand.forest : parseColor('#cfc4a8'));
    canvas.fill([rectangle(toX(item.cents) + 4, y + 6, 52, 29)], parseColor('#ffffff'));
    drawText(canvas, euros(item.cents), toX(item.cents) + 10, y + 27, { size: 18, paint: isOwn ? brand.forest : muted });
  });
  return canvas;
}
