import fc from 'fast-check';
import { expect, it } from 'vitest';
import { selectorSchema } from '../../../src/shared/domain/annotation.ts';
import {
  computePageRegion,
  createPageSelector,
  createPictureSelector,
  findPdfPlace,
  findPictureRegion,
} from '../../../src/shared/domain/region-selector.ts';

const anyNumber = fc.double({ min: -50, max: 150, noNaN: true });
const anyRegion = fc.record({ x: anyNumber, y: anyNumber, width: anyNumber, height: anyNumber });
const a4 = { width: 595.28, height: 841.89 };

it('whatever was drawn on a picture lies on it, in the form of Media Fragments, and is read back', () => {
  fc.assert(
    fc.property(anyRegion, (drawn) => {
      const selector = createPictureSelector(drawn);
      expect(selectorSchema.safeParse(selector).success).toBe(true);
      const region = findPictureRegion([selector]);
      expect(region).toBeDefined();
      const { x, y, width, height } = region ?? { x: -1, y: -1, width: 0, height: 0 };
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(1);
      expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(100.01);
    }),
  );
});

it('a region of a page is kept in points, and stands on the same place of the page', () => {
  fc.assert(
    fc.property(anyRegion, fc.integer({ min: 1, max: 999_999 }), (drawn, page) => {
      const selector = createPageSelector(page, a4, drawn);
      expect(selectorSchema.safeParse(selector).success).toBe(true);
      const place = findPdfPlace([selector]);
      expect(place?.page).toBe(page);
      const again = createPageSelector(
        page,
        a4,
        computePageRegion(place?.rectangle ?? { x: 0, y: 0, width: 0, height: 0 }, a4),
      );
      const numbers = (value: unknown) =>
        (JSON.stringify(value).match(/\d+(?:\.\d+)?/gu) ?? []).map(Number);
      for (const [index, number] of numbers(again).entries())
        expect(number).toBeCloseTo(numbers(selector)[index] ?? Number.NaN, 1);
    }),
  );
});

it('says a known region as the recommendations write it', () => {
  const region = { x: 10, y: 20, width: 30, height: 12.5 };
  expect(createPictureSelector(region)).toMatchObject({ value: 'xywh=percent:10,20,30,12.5' });
  expect(createPageSelector(2, { width: 600, height: 800 }, region)).toMatchObject({
    value: 'page=2&viewrect=60,160,180,100',
  });
  expect(
    findPdfPlace([
      {
        type: 'FragmentSelector',
        conformsTo: 'http://tools.ietf.org/rfc/rfc3778',
        value: 'page=7',
      },
    ]),
  ).toEqual({ page: 7, rectangle: undefined });
});
