import { expect, it } from 'vitest';
import { pairFiles } from '../../../src/renderer/features/comparison/pair-files.ts';
import {
  computeRows,
  leaveOutSame,
} from '../../../src/renderer/features/comparison/side-by-side.ts';
import { computeLineDiff } from '../../../src/renderer/features/comparison/text-diff.ts';

const file = (name: string, sha256: string, attachmentId = `${name}-${sha256}`) => ({
  attachmentId,
  name,
  sha256,
});

it('says of each file what became of it, by its name and its hash', () => {
  const before = [file('same.txt', 'a'), file('new.txt', 'b'), file('old.md', 'c'), file('x', 'd')];
  const after = [
    file('same.txt', 'a'),
    file('new.txt', 'B'),
    file('young.md', 'c'),
    file('y', 'e'),
  ];
  expect(
    pairFiles(before, after).map(({ kind, before: left, after: right }) => [
      kind,
      left?.name,
      right?.name,
    ]),
  ).toEqual([
    ['changed', 'new.txt', 'new.txt'],
    ['added', undefined, 'y'],
    ['removed', 'x', undefined],
    ['renamed', 'old.md', 'young.md'],
    ['unchanged', 'same.txt', 'same.txt'],
  ]);
});

it('keeps two files of one name apart', () => {
  const before = [file('a.csv', '1', 'one'), file('a.csv', '2', 'two')];
  const after = [file('a.csv', '2', 'three'), file('a.csv', '9', 'four')];
  expect(
    pairFiles(before, after).map(({ kind, before: left, after: right }) => [
      kind,
      left?.attachmentId,
      right?.attachmentId,
    ]),
  ).toEqual([
    ['changed', 'one', 'four'],
    ['unchanged', 'two', 'three'],
  ]);
});

it('sets what was taken out across from what was put in, and leaves out what stayed', () => {
  const same = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const before = [...same, 'the price is 12', 'gone', ...same].join('\n');
  const after = [...same, 'the price is 14', ...same].join('\n');
  const rows = computeRows(computeLineDiff(before, after));
  const changed = rows.filter((row) => row.before?.line.kind !== 'same');
  expect(changed.map((row) => [row.before?.number, row.after?.number])).toEqual([
    [21, 21],
    [22, undefined],
  ]);
  // Every line of both stands there once, in order.
  expect(rows.flatMap((row) => row.before?.number ?? [])).toEqual(
    Array.from({ length: 42 }, (_, index) => index + 1),
  );
  expect(rows.flatMap((row) => row.after?.number ?? [])).toEqual(
    Array.from({ length: 41 }, (_, index) => index + 1),
  );
  expect(leaveOutSame(rows).map((row) => ('skipped' in row ? row.skipped : 'row'))).toEqual([
    17,
    ...Array.from({ length: 8 }, () => 'row'),
    17,
  ]);
});
