import { expect, test } from 'vitest';
import {
  computeUuidV7,
  createSystemRandomness,
} from '../../../src/server/ports/system-randomness.ts';

test('a UUID version 7 is the one of RFC 9562, appendix A.6', () => {
  const random = Buffer.from('0cc318c4dc0c0c07398f', 'hex');
  expect(computeUuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

test('ids are version 7, in lower case, and grow with time', () => {
  const { uuid } = createSystemRandomness();
  const ids = Array.from({ length: 100 }, uuid);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.map((id) => id.slice(0, 13))).toEqual(ids.map((id) => id.slice(0, 13)).sort());
});
