import { expect, test } from 'vitest';
import { decodeText } from '../../../src/renderer/client/decode-text.ts';

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

test('a list of a spreadsheet that writes Windows-1252 keeps its letters', () => {
  expect(decodeText(new Uint8Array(Buffer.from('Jörg Müller', 'latin1')))).toBe('Jörg Müller');
  expect(decodeText(new Uint8Array(Buffer.from('\uFEFFJörg Müller')))).toBe('Jörg Müller');
  expect(decodeText(bytes(0x80))).toBe('€');
});

test('a character that is torn at the end of a part is left out', () => {
  expect(decodeText(bytes(0x61, 0xc3), true)).toBe('a');
  expect(decodeText(bytes(0x61, 0xc3))).toBe('aÃ');
});
