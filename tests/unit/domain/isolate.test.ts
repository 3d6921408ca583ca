import { expect, test } from 'vitest';
import { isolate, joinNames } from '../../../src/shared/domain/isolate.ts';

test('what is written from right to left is kept apart from what stands beside it', () => {
  expect(isolate('נועה לוי')).toBe('\u2068נועה לוי\u2069');
  expect(isolate('مقهى الميناء 2')).toBe('\u2068مقهى الميناء 2\u2069');
  expect(joinNames('נועה לוי', 'סקר מחירים')).toBe('\u2068נועה לוי\u2069, \u2068סקר מחירים\u2069');
});

test('what is written from left to right stays the text that it is', () => {
  for (const name of ['Inês Sharma', 'Łódź & Söhne', '山田 太郎', '📎 12'])
    expect(isolate(name)).toBe(name);
  expect(joinNames('Inês Sharma', 'Harbour')).toBe('Inês Sharma, Harbour');
});
