import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const boundsSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  isMaximized: z.boolean(),
});
export type WindowBounds = z.infer<typeof boundsSchema>;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How much of the window's top edge must lie on a screen for a person to get hold of it. */
const graspablePx = 80;

/**
 * Where a window can be seen and moved: screens come and go, and get smaller.
 *
 * @returns the same place, no larger than its screen; undefined where no person could get hold of it
 */
export function fitOnScreen(bounds: Area, screens: readonly Area[]): Area | undefined {
  const screen = findScreen(bounds, screens);
  if (screen === undefined) return undefined;
  const width = Math.min(bounds.width, screen.width);
  const height = Math.min(bounds.height, screen.height);
  const isCut = width < bounds.width || height < bounds.height;
  return isCut ? { ...screen, width, height } : { x: bounds.x, y: bounds.y, width, height };
}

function findScreen(bounds: Area, screens: readonly Area[]): Area | undefined {
  return screens.find((screen) => {
    const overlap =
      Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x);
    const isTopOnScreen =
      bounds.y >= screen.y && bounds.y + graspablePx <= screen.y + screen.height;
    return overlap >= graspablePx && isTopOnScreen;
  });
}

/** Where the window was last time; undefined when that is not known or not understood. */
export function findWindowBounds(file: string): WindowBounds | undefined {
  try {
    return boundsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

export function saveWindowBounds(file: string, bounds: WindowBounds): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(bounds));
  } catch {
    // The window opens in the usual place next time.
  }
}
