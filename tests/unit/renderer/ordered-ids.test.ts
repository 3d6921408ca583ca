import { expect, test } from 'vitest';
import { createOrderedIds } from '../../../src/renderer/client/ordered-ids.ts';
import { idSchema } from '../../../src/shared/domain/fields.ts';

test('ids made together sort in their order, and after those that were made before', () => {
  const nowMs = 1_800_000_000_000;
  const ids = [...createOrderedIds(9000, nowMs), ...createOrderedIds(3, nowMs + 10)];
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of [ids[0], ids[4096], ids.at(-1)])
    expect(idSchema.safeParse(id).success).toBe(true);
  // The moment stands in front, as in every other id.
  expect(Number.parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16)).toBe(nowMs);
});
