import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsTable } from '../../../../src/main/workspace/sync/row-checker.ts';
import { domainRowSchemas, domainTables } from '../../../../src/shared/database/domain-tables.ts';

const id = '01890000-0000-7000-8000-000000000001';
const values: unknown[] = [
  id,
  id.toUpperCase(),
  `${id}0`,
  '',
  'org',
  'x'.repeat(80),
  'x'.repeat(81),
  'x'.repeat(1025),
  '2026-05-04T09:00:00.000Z',
  '2026-02-30T09:00:00.000Z',
  '2026-05-04T09:00:00Z',
  '2026-05-04T18:00',
  '2026-13-04T18:00',
  '2026-02-29',
  '2024-02-29',
  'ab'.repeat(32),
  'AB'.repeat(32),
  'text/csv',
  'text',
  0,
  1,
  2,
  -1,
  1.5,
  Number.MAX_SAFE_INTEGER + 1,
  Number.NaN,
  null,
  undefined,
  true,
  [],
  {},
  ...domainTables.flatMap((table) =>
    Object.values(domainRowSchemas[table].shape).flatMap((schema) =>
      'options' in schema ? (schema.options as unknown[]) : [],
    ),
  ),
];

test.each(domainTables)('SY-11 a row of %s fits exactly when its schema says so', (table) => {
  const schema = domainRowSchemas[table];
  const columns = Object.entries(schema.shape);
  // For each column values that fit, so that every column in turn is the one that decides.
  const fitting = Object.fromEntries(
    columns.map(([column, columnSchema]) => [
      column,
      values.filter((value) => columnSchema.safeParse(value).success),
    ]),
  );
  for (const [column, some] of Object.entries(fitting))
    expect(some, `a value for ${column}`).not.toHaveLength(0);
  const row = fc.record(
    Object.fromEntries(
      Object.entries(fitting).map(([column, some]) => [column, fc.constantFrom(...some)]),
    ),
  );
  fc.assert(
    fc.property(
      row,
      fc.constantFrom(...Object.keys(fitting)),
      fc.constantFrom(...values),
      (whole, column, value) => {
        expect(fitsTable(table, whole)).toBe(true);
        const changed = { ...whole, [column]: value, unknown: 1 };
        expect(fitsTable(table, changed)).toBe(schema.safeParse(changed).success);
      },
    ),
    { numRuns: 400 },
  );
});
