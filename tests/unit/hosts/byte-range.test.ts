import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseByteRange } from '../../../src/main/hosting/byte-range.ts';

// RFC 9110, section 14.1.2, with its example of 10,000 bytes.
test.each([
  ['bytes=0-499', { start: 0, end: 499 }],
  ['bytes=500-999', { start: 500, end: 999 }],
  ['bytes=-500', { start: 9500, end: 9999 }],
  ['bytes=9500-', { start: 9500, end: 9999 }],
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=-1', { start: 9999, end: 9999 }],
  ['bytes=-20000', { start: 0, end: 9999 }],
  ['bytes=9999-20000', { start: 9999, end: 9999 }],
  ['bytes=10000-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-4', 'whole'],
  ['bytes=0-1,3-4', 'whole'],
  ['bytes=-', 'whole'],
  ['items=0-1', 'whole'],
  ['bytes=a-b', 'whole'],
  [undefined, 'whole'],
])('of 10,000 bytes, %s asks for %j', (header, expected) => {
  expect(parseByteRange(header, 10_000)).toEqual(expected);
});

test('an empty file satisfies no range', () => {
  expect(parseByteRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(parseByteRange('bytes=-1', 0)).toBe('unsatisfiable');
});

test('a range never leaves the file', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 0, max: 2 }),
      (a, b, size, form) => {
        const header = [`bytes=${a}-${b}`, `bytes=${a}-`, `bytes=-${a}`][form];
        const range = parseByteRange(header, size);
        if (typeof range === 'string') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeLessThan(size);
        expect(range.start).toBeLessThanOrEqual(range.end);
      },
    ),
  );
});
