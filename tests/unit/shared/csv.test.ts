import { expect, test } from 'vitest';
import { computeCsvLine } from '../../../src/shared/csv.ts';

/** Cells as a spreadsheet finds them that separates by semicolons: a quote counts at the beginning of a cell alone. */
function readBySemicolons(text: string): string[] {
  const cells: string[] = [];
  let rest = text;
  while (rest !== '') {
    const [whole, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)")?([^;\r\n]*)/.exec(rest) ?? [''];
    cells.push(`${(quoted ?? '').replaceAll('""', '"')}${plain}`);
    rest = rest.slice(whole.length).replace(/^(?:;|\r\n|\r|\n)/, '');
  }
  return cells;
}

test.each([
  '=1+1',
  '@SUM(1)',
  '\t=1+1',
  'a;=1+1;b',
  'a;=1+1,b',
  'done\n=1+1;b',
  'done\r=1+1;b',
  'a;"=1+1;b',
  'a;""=1+1;"b',
  'a\t-1+1',
])('no spreadsheet finds a formula in the cell %j, whatever it separates by', (cell) => {
  const line = computeCsvLine(['before', cell, 'after']);
  const isFormula = (text: string): boolean => /^[=+\-@]/.test(text);
  expect(readBySemicolons(line).filter(isFormula)).toEqual([]);
  expect(line.split('\t').filter(isFormula)).toEqual([]);
});

test.each([
  ['a; b = c - d', 'a; b = c - d'],
  ['10-20', '10-20'],
  ['say "a, b"', '"say ""a, b"""'],
  ['=1', "'=1"],
])('the cell %j is written as %s', (cell, written) => {
  expect(computeCsvLine([cell])).toBe(`${written}\r\n`);
});
