import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * WCAG 2.2: text needs 4.5 to 1 against what is behind it (1.4.3), the outlines of controls, the focus
 * ring and the signs that carry a state 3 to 1 (1.4.11). The formulas are those of its glossary.
 */

type Theme = 'light' | 'dark';
type Tokens = ReadonlyMap<string, Readonly<Record<Theme, string>>>;

const css = readFileSync(
  path.join(import.meta.dirname, '../../../src/renderer/styles/tokens.css'),
  'utf8',
);

function readColours(part: string): Tokens {
  const colours = new Map<string, Record<Theme, string>>();
  for (const match of part.matchAll(
    /--([a-z-]+):\s*light-dark\((#[0-9a-f]{6,8}),\s*(#[0-9a-f]{6,8})\);/gu,
  )) {
    const [, name = '', light = '', dark = ''] = match;
    colours.set(name, { light, dark });
  }
  return colours;
}

const highContrastStart = css.indexOf('@media (prefers-contrast: more)');
const standard = readColours(css.slice(0, highContrastStart));
const highContrast: Tokens = new Map([...standard, ...readColours(css.slice(highContrastStart))]);

function computeLuminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function computeContrast(first: string, second: string): number {
  const [lighter = 0, darker = 0] = [computeLuminance(first), computeLuminance(second)].toSorted(
    (a, b) => b - a,
  );
  return (lighter + 0.05) / (darker + 0.05);
}

const surfaces = [
  'surface',
  'surface-rail',
  'surface-raised',
  'surface-sunken',
  'surface-hover',
  'surface-pressed',
  'surface-selected',
];

const textPairs: readonly (readonly [foreground: string, background: string])[] = [
  ...surfaces.flatMap((surface) =>
    ['text', 'text-muted', 'accent-text', 'positive', 'warning', 'negative'].map(
      (name) => [name, surface] as const,
    ),
  ),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['accent-text', 'accent-soft'],
  ['positive', 'positive-soft'],
  ['warning', 'warning-soft'],
  ['negative', 'negative-soft'],
  ['text', 'accent-soft'],
  ['text', 'positive-soft'],
  ['text', 'warning-soft'],
  ['text', 'negative-soft'],
];

const signPairs: readonly (readonly [foreground: string, background: string])[] = [
  'surface',
  'surface-raised',
  'surface-rail',
].flatMap((surface) => [
  ['line-strong', surface] as const,
  ['focus', surface] as const,
  ['accent', surface] as const,
]);

describe.each([
  ['standard', standard],
  ['high contrast', highContrast],
] as const)('%s', (_name, tokens) => {
  test.each(['light', 'dark'] as const)('text has 4.5 to 1 in the %s theme', (theme) => {
    expect(listFailures(tokens, theme, textPairs, 4.5)).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('controls have 3 to 1 in the %s theme', (theme) => {
    expect(listFailures(tokens, theme, signPairs, 3)).toEqual([]);
  });
});

test('high contrast gives the text 7 to 1', () => {
  const pairs = ['surface', 'surface-raised', 'surface-rail'].flatMap((surface) =>
    ['text', 'text-muted', 'accent-text'].map((name) => [name, surface] as const),
  );
  expect(listFailures(highContrast, 'light', pairs, 7)).toEqual([]);
  expect(listFailures(highContrast, 'dark', pairs, 7)).toEqual([]);
});

function listFailures(
  tokens: Tokens,
  theme: Theme,
  pairs: readonly (readonly [string, string])[],
  least: number,
): string[] {
  return pairs.flatMap(([foreground, background]) => {
    const front = tokens.get(foreground)?.[theme];
    const back = tokens.get(background)?.[theme];
    if (front === undefined || back === undefined) {
      return [`tokens.css has no ${front === undefined ? foreground : background}`];
    }
    const ratio = computeContrast(front, back);
    return ratio >= least ? [] : [`${foreground} on ${background}: ${ratio.toFixed(2)}`];
  });
}
