import { expect, test } from 'vitest';
import { computeByteSpan } from '../../../src/server/files/byte-range.ts';

test.each([
  ['bytes=0-0', { first: 0, last: 0 }],
  ['bytes=0-499', { first: 0, last: 499 }],
  ['bytes=900-', { first: 900, last: 999 }],
  ['bytes=900-5000', { first: 900, last: 999 }],
  ['bytes=-100', { first: 900, last: 999 }],
  ['bytes=-5000', { first: 0, last: 999 }],
  ['bytes=1000-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-4', undefined],
  ['bytes=-', undefined],
  ['bytes=0-1,5-6', undefined],
  ['lines=0-1', undefined],
  ['bytes=a-b', undefined],
  [undefined, undefined],
])('of 1,000 bytes, %s asks for %o (RFC 9110, section 14.2)', (header, expected) => {
  expect(computeByteSpan(header, 1000)).toEqual(expected);
});

test('of an empty file no range can be had', () => {
  expect(computeByteSpan('bytes=0-', 0)).toBe('unsatisfiable');
  expect(computeByteSpan('bytes=-1', 0)).toBe('unsatisfiable');
});
