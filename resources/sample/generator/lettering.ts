import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Canvas, type Contour, type Paint, type Point, strokeContours } from './canvas.ts';

/** The little of fontkit that is used here; it comes with pdfkit, and has no types of its own. */
interface Font {
  readonly unitsPerEm: number;
  layout(text: string): {
    readonly glyphs: readonly { readonly path: { readonly commands: readonly PathCommand[] } }[];
    readonly positions: readonly { readonly xAdvance: number; readonly xOffset: number }[];
  };
}

interface PathCommand {
  readonly command: 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'bezierCurveTo' | 'closePath';
  readonly args: readonly number[];
}

export interface TextStyle {
  readonly size: number;
  readonly paint: Paint;
  readonly align?: 'left' | 'center' | 'right';
  readonly isBold?: boolean;
  /** Degrees, clockwise, about the given point. */
  readonly rotation?: number;
}

const curveSteps = 6;

function loadFont(): Font {
  const requireHere = createRequire(import.meta.url);
  const requireFromPdfkit = createRequire(requireHere.resolve('pdfkit'));
  const fontkit = requireFromPdfkit('fontkit') as { create(bytes: Buffer): Font };
  const path = requireHere.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2');
  return fontkit.create(readFileSync(path));
}

const font = loadFont();

function flatten(commands: readonly PathCommand[], place: (x: number, y: number) => Point): Contour[] {
  const contours: Point[][] = [];
  let current: Point[] = [];
  let lastX = 0;
  let lastY = 0;
  for (const { command, args } of commands) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
    if (command === 'moveTo') {
      current = [place(a, b)];
      contours.push(current);
      [lastX, lastY] = [a, b];
    } else if (command === 'lineTo') {
      current.push(place(a, b));
      [lastX, lastY] = [a, b];
    } else if (command === 'quadraticCurveTo') {
      for (let step = 1; step <= curveSteps; step += 1) {
        const t = step / curveSteps;
        const u = 1 - t;
        current.push(place(u * u * lastX + 2 * u * t * a + t * t * c, u * u * lastY + 2 * u * t * b + t * t * d));
      }
      [lastX, lastY] = [c, d];
    } else if (command === 'bezierCurveTo') {
      for (let step = 1; step <= curveSteps; step += 1) {
        const t = step / curveSteps;
        const u = 1 - t;
        current.push(
          place(
            u ** 3 * lastX + 3 * u * u * t * a + 3 * u * t * t * c + t ** 3 * e,
            u ** 3 * lastY + 3 * u * u * t * b + 3 * u * t * t * d + t ** 3 * f,
          ),
        );
      }
      [lastX, lastY] = [e, f];
    }
  }
  return contours;
}

export function measureText(text: string, size: number): number {
  const units = font.layout(text).positions.reduce((sum, position) => sum + position.xAdvance, 0);
  return (units * size) / font.unitsPerEm;
}

/** Sets one line in Inter with its baseline at `y`. */
export function drawText(canvas: Canvas, text: string, x: number, y: number, style: TextStyle): void {
  const scale = style.size / font.unitsPerEm;
  const width = measureText(text, style.size);
  const shift = style.align === 'center' ? -width / 2 : style.align === 'right' ? -width : 0;
  const angle = ((style.rotation ?? 0) * Math.PI) / 180;
  const { glyphs, positions } = font.layout(text);
  let pen = shift;
  glyphs.forEach((glyph, index) => {
    const position = positions[index];
    const left = pen + (position?.xOffset ?? 0) * scale;
    const contours = flatten(glyph.path.commands, (glyphX, glyphY): Point => {
      const alongX = left + glyphX * scale;
      const alongY = -glyphY * scale;
      return [
        x + alongX * Math.cos(angle) - alongY * Math.sin(angle),
        y + alongX * Math.sin(angle) + alongY * Math.cos(angle),
      ];
    });
    if (contours.length > 0) {
      canvas.fill(contours, style.paint);
      // The variable font is read at its regular weight; a thin outline of the same colour makes it bold.
      if (style.isBold === true) {
        for (const contour of contours) {
          const first = contour[0];
          if (first !== undefined) {
            canvas.fill(strokeContours([...contour, first], style.size * 0.045), style.paint);
          }
        }
      }
    }
    pen += (position?.xAdvance ?? 0) * scale;
  });
}
