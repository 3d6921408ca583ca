import { expect, test } from 'vitest';
import { mergeBriefs } from '../../../src/renderer/features/projects/merge-briefs.ts';
import type { Brief } from '../../../src/shared/contract/shapes.ts';

const createBrief = (instructions: string, criteria: Record<string, string> = {}): Brief => ({
  briefVersionId: '0191e6a8-0000-7000-8000-000000000001',
  version: 1,
  instructions,
  criteria: Object.entries(criteria).map(([id, text]) => ({ id, text })),
  createdAt: '2026-03-02T09:00:00.000Z',
});

const merge = (before: string, ours: string, theirs: string) => {
  const { instructions, doubled } = mergeBriefs(
    createBrief(before),
    createBrief(ours),
    createBrief(theirs),
  );
  return { instructions, doubled };
};

test('what two managers write in different paragraphs of a brief is all there', () => {
  expect(
    merge(
      '# Prices\n\nFive.\n\nBy Friday.',
      '# Prices\n\nTen.\n\nBy Friday.',
      '# Prices\n\nFive.\n\nBy Friday.\n\nAs a table.',
    ),
  ).toEqual({
    instructions: '# Prices\n\nTen.\n\nBy Friday.\n\nAs a table.',
    doubled: 0,
  });
  expect(merge('A\n\nB\n\nC', 'B\n\nC', 'A\n\nB')).toEqual({ instructions: 'B', doubled: 0 });
  expect(merge('', 'Ours.', '')).toEqual({ instructions: 'Ours.', doubled: 0 });
});

test('a paragraph that one replaces and the other only writes below does not come back', () => {
  const replaced = { instructions: 'Ten.\n\nAs a table.', doubled: 0 };
  expect(merge('Five.', 'Ten.', 'Five.\n\nAs a table.')).toEqual(replaced);
  expect(merge('Five.', 'Five.\n\nAs a table.', 'Ten.')).toEqual(replaced);
  expect(merge('Five.', 'Ten.', 'First.\n\nFive.')).toEqual({
    instructions: 'First.\n\nTen.',
    doubled: 0,
  });
});

test('what both change of one paragraph stands there twice, and is counted', () => {
  expect(merge('Five.\n\nEnd.', 'Ten.\n\nEnd.', 'Seven.\n\nEnd.')).toEqual({
    instructions: 'Ten.\n\nSeven.\n\nEnd.',
    doubled: 1,
  });
  expect(merge('', 'Ours.', 'Theirs.')).toEqual({ instructions: 'Ours.\n\nTheirs.', doubled: 1 });
  // The same on both sides is no difference.
  expect(merge('Five.', 'Ten.', 'Ten.')).toEqual({ instructions: 'Ten.', doubled: 0 });
  // One takes away what the other writes anew: the words stay.
  expect(merge('A\n\nB', 'A', 'A\n\nB, twice')).toEqual({
    instructions: 'A\n\nB, twice',
    doubled: 0,
  });
});

test('lines that another program ended otherwise are no change', () => {
  expect(merge('A\r\n\r\nB', 'A\n\nB', 'A\r\n\r\nB\r\n\r\nC')).toEqual({
    instructions: 'A\n\nB\n\nC',
    doubled: 0,
  });
});

test('no paragraph that either manager wrote is ever left out', () => {
  const texts = ['', 'A', 'B', 'A\n\nB', 'B\n\nA', 'A\n\nC\n\nB', 'D\n\nB', 'A\n\nB\n\nE'];
  const split = (text: string) => (text === '' ? [] : text.split('\n\n'));
  for (const before of texts)
    for (const ours of texts)
      for (const theirs of texts) {
        const merged = split(merge(before, ours, theirs).instructions);
        for (const block of [...split(ours), ...split(theirs)])
          if (!split(before).includes(block))
            expect(merged, JSON.stringify([before, ours, theirs])).toContain(block);
      }
});

test('criteria merge by what they are: added, reworded and removed ones of both', () => {
  const before = createBrief('', { one: 'Five', two: 'Table', three: 'Names', four: 'Dates' });
  const ours = createBrief('', { one: 'Ten', two: 'Table', three: 'Full names', five: 'Ours' });
  const theirs = createBrief('', {
    one: 'Five',
    three: 'First names',
    four: 'Days',
    six: 'Theirs',
  });
  expect(mergeBriefs(before, ours, theirs)).toEqual({
    instructions: '',
    criteria: [
      { id: 'one', text: 'Ten' },
      { id: 'three', text: 'Full names' },
      { text: 'First names' },
      { id: 'five', text: 'Ours' },
      { id: 'four', text: 'Days' },
      { id: 'six', text: 'Theirs' },
    ],
    doubled: 1,
  });
});

test('criteria that were just added in the form stay beside those of the other version', () => {
  const before = createBrief('', { one: 'Five' });
  const form = { instructions: '', criteria: [{ id: 'one', text: 'Five' }, { text: 'New' }] };
  expect(mergeBriefs(before, form, createBrief('', { one: 'Six', two: 'More' })).criteria).toEqual([
    { id: 'one', text: 'Six' },
    { text: 'New' },
    { id: 'two', text: 'More' },
  ]);
});
