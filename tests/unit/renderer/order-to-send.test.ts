import { expect, test } from 'vitest';
import { computeOrderToSend } from '../../../src/renderer/features/asked/order-to-send.ts';

test('of a new order only what stands before the last moved task is sent', () => {
  const before = Array.from({ length: 1500 }, (_, index) => `task ${index}`);
  expect(computeOrderToSend(before, before)).toEqual([]);
  const after = before.with(1, 'task 2').with(2, 'task 1');
  expect(computeOrderToSend(before, after)).toEqual(['task 0', 'task 2', 'task 1']);
});
