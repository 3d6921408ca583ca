import { expect, test } from 'vitest';
import {
  describeImport,
  describePreview,
} from '../../../src/renderer/features/hours/exchange/describe-import.ts';

const none = { added: 0, asked: 0, duplicates: 0, skipped: 0, refused: [], seconds: 0 };

test('what came of an import says what was added, what waits and what was refused', () => {
  const { title, description, tone } = describeImport({
    ...none,
    added: 2,
    seconds: 12_600,
    asked: 1,
    duplicates: 3,
    skipped: 1,
    refused: [{ line: 4, reason: 'no task' }],
  });
  expect(title).toBe('2 entries imported, 3h 30m');
  expect(description).toBe(
    '1 waits for the employer’s agreement; 3 were here before; 1 was left out; 1 was refused.',
  );
  expect(tone).toBe('neutral');
});

test('an import of nothing but approved days does not say that an entry was added', () => {
  expect(describeImport({ ...none, asked: 2 })).toMatchObject({
    title: 'No entry was imported',
    description: '2 wait for the employer’s agreement.',
  });
});

test('a preview tells rows of approved days from new ones', () => {
  const counts = { new: 1, asked: 2, duplicate: 0, unmapped: 0, bad: 1 };
  expect(describePreview({ counts, rows: [], seconds: 1800 })).toBe(
    '1 new (30m), 2 on approved days, about which the employer is asked, 1 that cannot be read.',
  );
});
