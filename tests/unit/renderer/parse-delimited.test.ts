import { describe, expect, test } from 'vitest';
import { parseDelimited } from '../../../src/renderer/features/review/parse-delimited.ts';

describe('a CSV file shown as a table', () => {
  test('the first line is the header, the others are rows', () => {
    expect(parseDelimited('maker,price\nHofgold,4.49\nTalkorn,3.99\n', 10, false)).toEqual({
      header: ['maker', 'price'],
      rows: [
        ['Hofgold', '4.49'],
        ['Talkorn', '3.99'],
      ],
    });
  });

  test('quoted fields hold delimiters, quotes and line breaks (RFC 4180)', () => {
    const { rows } = parseDelimited('a,b\r\n"x, y","say ""hi""\r\nthere"\r\n', 10, false);
    expect(rows).toEqual([['x, y', 'say "hi"\r\nthere']]);
  });

  test.each([
    ['semicolons', 'a;b\n1,5;2', ['1,5', '2']],
    ['tabs', 'a\tb\n1,5\t2', ['1,5', '2']],
  ])('%s are recognised by the header', (_, text, row) => {
    expect(parseDelimited(text, 10, false).rows).toEqual([row]);
  });

  test('a delimiter inside a quoted heading does not count', () => {
    expect(parseDelimited('"a;b;c",d\n1,2', 10, false).header).toEqual(['a;b;c', 'd']);
  });

  test('a byte order mark is not part of the first heading', () => {
    expect(parseDelimited('\uFEFFid,name\n', 10, false).header).toEqual(['id', 'name']);
  });

  test('a last line without a line break is a row, unless the text was cut there', () => {
    expect(parseDelimited('a\n1\n2', 10, false).rows).toEqual([['1'], ['2']]);
    expect(parseDelimited('a\n1\n2', 10, true).rows).toEqual([['1']]);
  });

  test('no more rows than asked for', () => {
    const text = `n\n${Array.from({ length: 500 }, (_, index) => index).join('\n')}`;
    const { rows } = parseDelimited(text, 200, false);
    expect(rows).toHaveLength(200);
    expect(rows.at(-1)).toEqual(['199']);
  });

  test('empty lines are no rows', () => {
    expect(parseDelimited('a,b\n\n1,2\n\n', 10, false).rows).toEqual([['1', '2']]);
  });
});
