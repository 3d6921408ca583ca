import {
  Canvas,
  type Color,
  type Contour,
  ellipse,
  mixColors,
  parseColor,
  type Point,
  rectangle,
} from './canvas.ts';
import { drawText } from './lettering.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

export const brand = {
  forest: parseColor('#1f4d3a'),
  moss: parseColor('#6d8f5e'),
  oat: parseColor('#f4ead8'),
  grain: parseColor('#d9a441'),
  berry: parseColor('#8c2f4b'),
  ink: parseColor('#24231f'),
  paper: parseColor('#fffdf8'),
} as const;

const oatShades = ['#e9cf9d', '#dfbf86', '#d2ab6c', '#f0dcb4', '#c79b5b'].map(parseColor);

/** The Talkorn mark: an ear of five grains on a stem. `size` is its height. */
export function drawMark(canvas: Canvas, x: number, y: number, size: number, color: Color): void {
  const unit = size / 100;
  canvas.stroke(
    [
      [x, y + 46 * unit],
      [x, y - 20 * unit],
    ],
    5 * unit,
    color,
  );
  canvas.fill([ellipse(x, y - 34 * unit, 8 * unit, 16 * unit)], color);
  for (const [side, height] of [
    [-1, -12],
    [1, -12],
    [-1, 14],
    [1, 14],
  ] as const) {
    canvas.fill([ellipse(x + side * 15 * unit, y + height * unit, 8 * unit, 17 * unit, side * 0.62)], color);
  }
}

/** A cheap, smooth value noise for wood and cloth. */
function createNoise(random: SeededRandom): (x: number, y: number) => number {
  const lattice = Array.from({ length: 4096 }, () => random.next());
  const at = (x: number, y: number): number => lattice[((x & 63) << 6) | (y & 63)] ?? 0;
  return (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const shareX = (x - left) ** 2 * (3 - 2 * (x - left));
    const shareY = (y - top) ** 2 * (3 - 2 * (y - top));
    const upper = at(left, top) * (1 - shareX) + at(left + 1, top) * shareX;
    const lower = at(left, top + 1) * (1 - shareX) + at(left + 1, top + 1) * shareX;
    return upper * (1 - shareY) + lower * shareY;
  };
}

function drawShadow(canvas: Canvas, x: number, y: number, radius: number): void {
  for (let ring = 12; ring > 0; ring -= 1) {
    canvas.fill([ellipse(x, y, radius + ring * 4, radius + ring * 4)], [30, 18, 8], 0.035);
  }
}

function drawFlake(canvas: Canvas, random: SeededRandom, x: number, y: number, size: number): void {
  const rotation = random.next() * Math.PI;
  const shade = random.pick(oatShades);
  canvas.fill([ellipse(x + 1.5, y + 2.5, size, size * 0.68, rotation)], [70, 45, 20], 0.3);
  canvas.fill([ellipse(x, y, size, size * 0.68, rotation)], shade);
  canvas.fill(
    [ellipse(x - size * 0.15, y - size * 0.15, size * 0.62, size * 0.36, rotation)],
    mixColors(shade, [255, 250, 235], 0.45),
  );
  canvas.stroke(
    [
      [x - Math.cos(rotation) * size * 0.7, y - Math.sin(rotation) * size * 0.7],
      [x + Math.cos(rotation) * size * 0.7, y + Math.sin(rotation) * size * 0.7],
    ],
    1.1,
    mixColors(shade, [110, 70, 30], 0.5),
    0.7,
  );
}

function drawBerry(canvas: Canvas, x: number, y: number, radius: number, dark: Color, light: Color): void {
  canvas.fill([ellipse(x + 3, y + 5, radius, radius)], [40, 20, 20], 0.35);
  canvas.fill([ellipse(x, y, radius, radius)], (px, py) => {
    const distance = Math.hypot(px - (x - radius * 0.35), py - (y - radius * 0.4)) / (radius * 1.7);
    return mixColors(light, dark, Math.min(1, distance));
  });
  canvas.fill([ellipse(x - radius * 0.35, y - radius * 0.42, radius * 0.2, radius * 0.13, -0.6)], [255, 255, 255], 0.6);
}

/** A bowl of muesli on a wooden table, from above. */
export function drawBreakfastTable(): Canvas {
  const random = createSeededRandom(2_026_031);
  const noise = createNoise(random);
  const canvas = new Canvas(1500, 1000, (x, y) => {
    const plank = Math.floor(y / 170);
    const grain = noise(x / 210 + plank * 17, y / 5 + plank * 31) * 0.7 + noise(x / 40, y / 2) * 0.3;
    const base = mixColors([168, 122, 80], [206, 162, 114], grain);
    const seam = y % 170 < 3 ? 0.5 : 0;
    const light = 1.08 - Math.hypot(x - 420, y - 220) / 2600;
    const lit = mixColors(base, [60, 38, 22], seam);
    return [lit[0] * light, lit[1] * light, lit[2] * light];
  });

  const napkin: Contour = [
    [1010, 120],
    [1450, 210],
    [1370, 660],
    [940, 560],
  ];
  canvas.fill([napkin.map(([x, y]): Point => [x + 12, y + 16])], [30, 18, 8], 0.25);
  canvas.fill([napkin], (x, y) => {
    const stripe = Math.floor((x * 0.98 + y * 0.2) / 34) % 4 === 0;
    const weave = ((x + y) & 1) * 6;
    return stripe ? [109 + weave, 143 + weave, 94 + weave] : [238 - weave, 232 - weave, 218 - weave];
  });

  drawShadow(canvas, 660, 540, 400);
  canvas.fill([ellipse(640, 510, 400, 400)], (x, y) => mixColors([250, 248, 243], [196, 190, 180], (x + y - 500) / 1700));
  canvas.fill([ellipse(640, 510, 352, 352)], (x, y) => mixColors([182, 176, 165], [240, 236, 228], (x + y - 500) / 1500));
  canvas.fill([ellipse(642, 516, 332, 332)], (x, y) => {
    const ripple = noise(x / 70, y / 70) * 14;
    return [246 - ripple, 241 - ripple, 228 - ripple];
  });

  for (let count = 0; count < 1150; count += 1) {
    const angle = random.next() * Math.PI * 2;
    const distance = Math.sqrt(random.next()) * 300;
    const x = 642 + Math.cos(angle) * distance;
    const y = 516 + Math.sin(angle) * distance;
    if (x + y < 1010 && noise(x / 90, y / 90) < 0.52) continue;
    drawFlake(canvas, random, x, y, 10 + random.next() * 9);
  }
  for (let count = 0; count < 110; count += 1) {
    const x = 642 + (random.next() - 0.5) * 480;
    const y = 516 + (random.next() - 0.5) * 440;
    canvas.fill([ellipse(x, y, 6, 3, random.next() * Math.PI)], random.pick([brand.ink, [96, 104, 72], [88, 58, 34]]));
  }
  for (let count = 0; count < 46; count += 1) {
    const angle = random.next() * Math.PI * 2;
    const distance = Math.sqrt(random.next()) * 250;
    const isBlue = random.chance(0.6);
    drawBerry(
      canvas,
      590 + Math.cos(angle) * distance,
      470 + Math.sin(angle) * distance * 0.9,
      isBlue ? random.between(19, 27) : random.between(13, 18),
      isBlue ? [38, 40, 78] : [120, 16, 40],
      isBlue ? [104, 112, 160] : [226, 70, 90],
    );
  }

  canvas.stroke([[1180, 330], [1300, 880]].map(([x, y]): Point => [(x ?? 0) + 12, (y ?? 0) + 14]), 26, [30, 18, 8], 0.25);
  canvas.stroke(
    [
      [1180, 330],
      [1300, 880],
    ],
    24,
    (x) => mixColors([206, 206, 210], [132, 132, 140], (x - 1160) / 170),
  );
  canvas.fill([ellipse(1164, 262, 62, 100, -0.2)], (x, y) => mixColors([240, 240, 244], [128, 128, 136], (x + y - 1270) / 240));
  for (let count = 0; count < 42; count += 1) {
    drawFlake(canvas, random, 1060 + random.next() * 380, 720 + random.next() * 250, 11 + random.next() * 6);
  }
  for (const [x, y] of [
    [1125, 835],
    [1405, 905],
    [170, 150],
    [120, 235],
  ] as const) {
    drawBerry(canvas, x, y, 24, [38, 40, 78], [104, 112, 160]);
  }
  return canvas;
}

/** The front of the 500 g pack, on the brand's oat colour. */
export function drawPackshot(): Canvas {
  const random = createSeededRandom(77);
  const canvas = new Canvas(900, 1200, (_, y) => mixColors(brand.paper, brand.oat, y / 1200));
  for (let ring = 16; ring > 0; ring -= 1) canvas.fill([ellipse(450, 1085, 270 + ring * 5, 12 + ring * 2)], [60, 50, 30], 0.025);

  canvas.fill([rectangle(190, 130, 520, 950, 26)], (x) => {
    const fold = Math.exp(-(((x - 225) / 26) ** 2)) * 0.16 - Math.exp(-(((x - 690) / 34) ** 2)) * 0.22;
    const [red, green, blue] = brand.forest;
    return [red * (1 + fold), green * (1 + fold), blue * (1 + fold)];
  });
  canvas.fill([rectangle(190, 130, 520, 62, 22)], mixColors(brand.forest, [0, 0, 0], 0.22));
  for (let x = 206; x < 700; x += 13) canvas.fill([rectangle(x, 140, 3, 42, 1)], brand.forest);

  drawMark(canvas, 450, 300, 120, brand.grain);
  drawText(canvas, 'Talkorn', 450, 438, { size: 84, paint: brand.oat, align: 'center', isBold: true });
  drawText(canvas, 'MÜSLIMANUFAKTUR', 450, 480, { size: 23, paint: brand.grain, align: 'center' });
  drawText(canvas, 'Beeren-Müsli', 450, 580, { size: 54, paint: brand.paper, align: 'center' });
  drawText(canvas, 'Haferflocken, Heidelbeeren, Leinsaat', 450, 622, { size: 23, paint: brand.oat, align: 'center' });

  canvas.fill([ellipse(450, 830, 178, 178)], brand.oat);
  for (let count = 0; count < 330; count += 1) {
    const angle = random.next() * Math.PI * 2;
    const distance = Math.sqrt(random.next()) * 156;
    drawFlake(canvas, random, 450 + Math.cos(angle) * distance, 830 + Math.sin(angle) * distance, 9 + random.next() * 6);
  }
  for (let count = 0; count < 24; count += 1) {
    const angle = random.next() * Math.PI * 2;
    const distance = Math.sqrt(random.next()) * 135;
    drawBerry(canvas, 450 + Math.cos(angle) * distance, 830 + Math.sin(angle) * distance, 17, [38, 40, 78], [104, 112, 160]);
  }
  drawText(canvas, '500 g', 238, 1048, { size: 26, paint: brand.oat });
  drawText(canvas, 'Bio', 662, 1048, { size: 26, paint: brand.oat, align: 'right' });
  return canvas;
}

/** A calm hill landscape with a lake, for the second article. */
export function drawLakeMorning(): Canvas {
  const random = createSeededRandom(404);
  const noise = createNoise(random);
  const canvas = new Canvas(1400, 800, (_, y) => mixColors([250, 214, 178], [196, 214, 222], Math.abs(y - 420) / 420));
  canvas.fill([ellipse(980, 300, 62, 62)], [255, 240, 214]);
  const layers = [
    { base: 330, height: 150, color: [156, 176, 180] },
    { base: 400, height: 110, color: [112, 144, 140] },
    { base: 455, height: 70, color: [66, 108, 92] },
  ] as const;
  layers.forEach(({ base, height, color }, index) => {
    const ridge: Point[] = [];
    for (let x = 0; x <= 1400; x += 7) {
      const rough = noise(x / 210 + index * 13, index * 7) * height + noise(x / 50 + index * 5, 3) * height * 0.22;
      ridge.push([x, base - rough + height * 0.4]);
    }
    canvas.fill([[...ridge, [1400, 520], [0, 520]]], color);
  });
  canvas.fill([rectangle(0, 505, 1400, 215)], (x, y) => {
    const wave = noise(x / 60, y / 4) * 18;
    const glow = Math.exp(-(((x - 980) / 120) ** 2)) * 40;
    return mixColors([176 + glow + wave, 190 + wave, 190 + wave], [88, 120, 128], (y - 505) / 260);
  });
  canvas.fill([[[0, 690], [380, 672], [900, 700], [1400, 662], [1400, 800], [0, 800]]], (x, y) => {
    const tuft = noise(x / 7, y / 16) * 26;
    return [58 + tuft, 84 + tuft, 52 + tuft * 0.5];
  });
  canvas.fill([rectangle(300, 600, 150, 120, 18)], [224, 96, 62]);
  canvas.fill([rectangle(300, 600, 150, 22, 10)], [244, 232, 210]);
  drawMark(canvas, 375, 672, 70, [244, 232, 210]);
  canvas.stroke([[452, 632], [486, 640], [488, 682], [452, 694]], 12, [224, 96, 62]);
  for (let puff = 0; puff < 3; puff += 1) {
    const x = 340 + puff * 36;
    canvas.stroke([[x, 584], [x + 10, 560], [x - 6, 536], [x + 8, 508]], 6, [255, 255, 255], 0.28);
  }
  return canvas;
}
