/** 8-bit RGB, row by row from the top left, three bytes a pixel. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export type Point = readonly [x: number, y: number];
export type Contour = readonly Point[];
export type Color = readonly [red: number, green: number, blue: number];
export type Paint = Color | ((x: number, y: number) => Color);

const subScanlines = 5;

/** Reads `#rrggbb`. */
export function parseColor(hex: string): Color {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

export function mixColors(from: Color, to: Color, share: number): Color {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** A small software canvas: anti-aliased fills of polygons under the non-zero rule. */
export class Canvas implements RgbImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;

  constructor(width: number, height: number, background: Paint) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height * 3);
    this.fillEvery(background);
  }

  fillEvery(paint: Paint): void {
    for (let y = 0; y < this.height; y += 1) {
      for (let x = 0; x < this.width; x += 1) this.blend(x, y, paint, 1);
    }
  }

  fill(contours: readonly Contour[], paint: Paint, opacity = 1): void {
    const ys = contours.flatMap((contour) => contour.map((point) => point[1]));
    const top = Math.max(0, Math.floor(Math.min(...ys)));
    const bottom = Math.min(this.height - 1, Math.ceil(Math.max(...ys)));
    const coverage = new Float64Array(this.width);
    for (let y = top; y <= bottom; y += 1) {
      coverage.fill(0);
      let hasCoverage = false;
      for (let sub = 0; sub < subScanlines; sub += 1) {
        const crossings = listCrossings(contours, y + (sub + 0.5) / subScanlines);
        let winding = 0;
        for (let index = 0; index + 1 < crossings.length; index += 1) {
          const here = crossings[index];
          const following = crossings[index + 1];
          if (here === undefined || following === undefined) continue;
          winding += here.direction;
          if (winding === 0) continue;
          addSpan(coverage, here.x, following.x);
          hasCoverage = true;
        }
      }
      if (!hasCoverage) continue;
      for (let x = 0; x < this.width; x += 1) {
        const amount = coverage[x] ?? 0;
        if (amount > 0) this.blend(x, y, paint, Math.min(1, amount / subScanlines) * opacity);
      }
    }
  }

  stroke(points: Contour, width: number, paint: Paint, opacity = 1): void {
    this.fill(strokeContours(points, width), paint, opacity);
  }

  private blend(x: number, y: number, paint: Paint, share: number): void {
    const color = typeof paint === 'function' ? paint(x, y) : paint;
    const offset = (y * this.width + x) * 3;
    for (let channel = 0; channel < 3; channel += 1) {
      const old = this.pixels[offset + channel] ?? 0;
      const wanted = color[channel] ?? 0;
      this.pixels[offset + channel] = Math.max(0, Math.min(255, Math.round(old + (wanted - old) * share)));
    }
  }
}

interface Crossing {
  readonly x: number;
  readonly direction: 1 | -1;
}

function listCrossings(contours: readonly Contour[], y: number): Crossing[] {
  const crossings: Crossing[] = [];
  for (const contour of contours) {
    let from = contour.at(-1);
    for (const to of contour) {
      if (from !== undefined && from[1] <= y !== to[1] <= y) {
        const x = from[0] + ((y - from[1]) / (to[1] - from[1])) * (to[0] - from[0]);
        crossings.push({ x, direction: to[1] > from[1] ? 1 : -1 });
      }
      from = to;
    }
  }
  return crossings.sort((one, other) => one.x - other.x);
}

function addSpan(coverage: Float64Array, from: number, to: number): void {
  const start = Math.max(0, from);
  const end = Math.min(coverage.length, to);
  for (let x = Math.floor(start); x < end; x += 1) {
    coverage[x] = (coverage[x] ?? 0) + Math.min(end, x + 1) - Math.max(start, x);
  }
}

export function rectangle(x: number, y: number, width: number, height: number, radius = 0): Contour {
  if (radius <= 0) {
    return [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ];
  }
  const points: Point[] = [];
  const corners: readonly (readonly [number, number, number])[] = [
    [x + width - radius, y + radius, -90],
    [x + width - radius, y + height - radius, 0],
    [x + radius, y + height - radius, 90],
    [x + radius, y + radius, 180],
  ];
  for (const [centerX, centerY, startDegrees] of corners) {
    for (let step = 0; step <= 12; step += 1) {
      const angle = ((startDegrees + step * 7.5) * Math.PI) / 180;
      points.push([centerX + Math.cos(angle) * radius, centerY + Math.sin(angle) * radius]);
    }
  }
  return points;
}

/** An ellipse, turned by `rotation` radians about its centre. */
export function ellipse(x: number, y: number, radiusX: number, radiusY: number, rotation = 0): Contour {
  const steps = Math.max(16, Math.ceil(Math.max(radiusX, radiusY) * 1.6));
  return Array.from({ length: steps }, (_, step): Point => {
    const angle = (step / steps) * Math.PI * 2;
    const alongX = Math.cos(angle) * radiusX;
    const alongY = Math.sin(angle) * radiusY;
    return [
      x + alongX * Math.cos(rotation) - alongY * Math.sin(rotation),
      y + alongX * Math.sin(rotation) + alongY * Math.cos(rotation),
    ];
  });
}

/** The outline of an open line with round joins and ends; every part turns the same way, so they unite. */
export function strokeContours(points: Contour, width: number): Contour[] {
  const half = width / 2;
  const contours: Contour[] = points.map(([x, y]) => ellipse(x, y, half, half));
  for (let index = 0; index + 1 < points.length; index += 1) {
    const from = points[index];
    const to = points[index + 1];
    if (from === undefined || to === undefined) continue;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (length === 0) continue;
    const acrossX = (-(to[1] - from[1]) / length) * half;
    const acrossY = ((to[0] - from[0]) / length) * half;
    contours.push([
      [from[0] - acrossX, from[1] - acrossY],
      [to[0] - acrossX, to[1] - acrossY],
      [to[0] + acrossX, to[1] + acrossY],
      [from[0] + acrossX, from[1] + acrossY],
    ]);
  }
  return contours;
}
