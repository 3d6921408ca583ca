import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import {
  computeChecksumText,
  createScopeChecksumSum,
} from '../../../src/shared/domain/scope-checksum.ts';
import type { Sha256Hex } from '../../../src/shared/ports.ts';

const sha256Hex: Sha256Hex = (content) => createHash('sha256').update(content).digest('hex');

const extension = {
  orgId: '01a206ec-f6cd-7cf3-80c3-45186d749a45',
  id: '01a206ec-f6cd-7f7b-a569-4b5a4ea7043e',
  scope: 'org',
  taskId: '01a206ec-f6ac-7ea6-8098-b4fc0008e911',
  days: 2,
  minutes: 0,
  reason: 'Zwölf "Boxkämpfer"\n\u2028\ud83d\ude00',
  createdBy: '01a206ec-f6cd-7f7b-a569-4b5a4ea7043e',
  createdAt: '2026-03-01T09:30:00.000Z',
};

test('SY-14 a row counts as the canonical JSON of its table and its columns, whatever their order', () => {
  expect(computeChecksumText('extensions', extension)).toBe(
    computeCanonicalJson(['extensions', extension]),
  );
  const reversed = Object.fromEntries(Object.entries(extension).toReversed());
  expect(computeChecksumText('extensions', reversed)).toBe(
    computeChecksumText('extensions', extension),
  );
});

test('SY-14 a column that one side lacks counts as null, and one that no schema names not at all', () => {
  const { reason: _, ...lacking } = extension;
  expect(computeChecksumText('extensions', { ...lacking, localNote: 'x' })).toBe(
    computeCanonicalJson(['extensions', { ...extension, reason: null }]),
  );
});

test('SY-14 the checksum is the sum of the first halves of the hashes modulo 2^128', () => {
  const halves = ['f'.repeat(32), `${'0'.repeat(31)}3`];
  let calls = 0;
  const sum = createScopeChecksumSum(() => `${halves[calls++] ?? ''}${'a'.repeat(32)}`);
  expect(sum.compute()).toEqual({ count: 0, checksum: '0'.repeat(32) });
  sum.add('extensions', extension);
  expect(sum.compute()).toEqual({ count: 1, checksum: 'f'.repeat(32) });
  sum.add('extensions', extension);
  expect(sum.compute()).toEqual({ count: 2, checksum: `${'0'.repeat(31)}2` });
});

test('SY-14 the order and the grouping of the rows do not matter, and every value does', () => {
  const rowArbitrary = fc.record({
    ...Object.fromEntries(Object.keys(extension).map((column) => [column, fc.string()])),
    days: fc.integer(),
    minutes: fc.option(fc.integer()),
  });
  const compute = (rows: readonly Record<string, unknown>[]) => {
    const sum = createScopeChecksumSum(sha256Hex);
    for (const row of rows) sum.add('extensions', row);
    return sum.compute();
  };
  fc.assert(
    fc.property(fc.array(rowArbitrary, { minLength: 1, maxLength: 20 }), fc.nat(), (rows, at) => {
      expect(compute(rows.toReversed())).toEqual(compute(rows));
      const index = at % rows.length;
      const changed = rows.map((row, position) =>
        position === index ? { ...row, days: row.days + 1 } : row,
      );
      expect(compute(changed).checksum).not.toBe(compute(rows).checksum);
    }),
  );
});
