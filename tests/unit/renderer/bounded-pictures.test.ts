import { describe, expect, test } from 'vitest';
import { countDrawn } from '../../../src/renderer/ui/count-drawn.ts';
import { computePictureFit } from '../../../src/renderer/ui/use-picture-fit.ts';

const draw = (content: string) =>
  `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e9 1e9">${content}</svg>`;

describe('countDrawn', () => {
  test('counts what is there, and what is drawn in the place of a reference', () => {
    expect(countDrawn(draw(''))).toBe(2);
    expect(countDrawn(draw('<g id="a"><path d="M0>1"/><!-- <g> --></g>'))).toBe(4);
    expect(countDrawn(draw(`<g id="a"><path/></g><use href="#a"/><use xlink:href='#a'/>`))).toBe(
      10,
    );
  });

  test.each([
    ['href', (id: string) => `<use href="#${id}"/>`],
    ['url', (id: string) => `<rect style="fill: url('#${id}')"/>`],
  ])('follows references through each other (%s)', (_name, refer) => {
    const lines = Array.from(
      { length: 30 },
      (_line, index) => `<g id="g${index + 1}">${refer(`g${index}`).repeat(10)}</g>`,
    );
    expect(countDrawn(draw(`<g id="g0"><path/></g>${lines.join('')}`))).toBeGreaterThan(1e20);
  });

  test('ends at what leads back to itself, and at what is open', () => {
    expect(
      countDrawn(draw('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')),
    ).toBeLessThan(20);
    for (const text of ['<g id="', '<!-- ', '<g'.repeat(1000), '<g>'.repeat(2000)])
      expect(countDrawn(draw(text) + text)).toBe(Number.POSITIVE_INFINITY);
  });

  test('does not guess at what is hidden', () => {
    expect(countDrawn(draw('<g id="a"/><use href="&#35;a"/>'))).toBe(Number.POSITIVE_INFINITY);
    const entity = `<!DOCTYPE svg [<!ENTITY many "<use href='x'/>">]><svg>&many;</svg>`;
    expect(countDrawn(entity)).toBe(Number.POSITIVE_INFINITY);
    const namespace = `<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]><svg xmlns="&ns_svg;"/>`;
    expect(countDrawn(namespace)).toBe(2);
  });

  test('counts two megabytes at once', () => {
    const parts = '<circle cx="1" cy="2" r="3"/>'.repeat(70_000);
    expect(countDrawn(draw(parts))).toBe(70_002);
    expect(countDrawn(`<svg id ${'a'.repeat(1_000_000)}></svg>`)).toBe(2);
    expect(countDrawn(`<svg ${'id='.repeat(500_000)}></svg>`)).toBe(2);
  });
});

test('a picture of more pixels than a computer has memory for is not shown, and its size is said', () => {
  expect(computePictureFit(12_000, 9000)).toEqual({ kind: 'fits' });
  expect(computePictureFit(30_000, 30_000)).toEqual({
    kind: 'too_large',
    reason:
      'This picture has 30,000 × 30,000 pixels, more than can be shown here. Save it to look at it with another program.',
  });
});
