import { expect, test } from 'vitest';
import { findDoubled } from '../../../src/renderer/features/projects/find-doubled.ts';
import type { Engagement } from '../../../src/shared/contract/shapes.ts';

const create = (
  engagementId: string,
  intern: Partial<Engagement['intern']>,
  changes: Partial<Engagement> = {},
) => ({
  engagementId,
  projectId: 'market',
  status: 'invited' as const,
  ...changes,
  intern: { membershipId: null, name: engagementId, email: null, timeZone: null, ...intern },
});

const find = (...engagements: ReturnType<typeof create>[]) => [...findDoubled(engagements)].sort();

test('one person who was invited to a project twice is found by their address, or by their name', () => {
  expect(
    find(
      create('a', { name: 'Ines', email: 'ines@example.org' }),
      create('b', { name: 'Ines Sharma', email: 'Ines@example.org' }),
      create('c', { name: ' INES ' }),
      create('d', { name: 'Tom', email: 'tom@example.org' }),
    ),
  ).toEqual(['a', 'b', 'c']);
});

test('who has joined is found beside an invitation that is still open', () => {
  const joined = { membershipId: 'm', name: 'Ines', email: 'ines@example.org' };
  expect(
    find(create('a', joined, { status: 'active' }), create('b', { email: 'ines@example.org' })),
  ).toEqual(['a', 'b']);
  expect(find(create('a', joined), create('b', { ...joined, membershipId: 'other' }))).toEqual([]);
});

test('of two who only share a name, on two projects, or after the first has ended, nothing is said', () => {
  const ines = { name: 'Ines' };
  expect(
    find(
      create('a', { ...ines, email: 'ines@example.org' }),
      create('b', { ...ines, email: 'ines@example.com' }),
    ),
  ).toEqual([]);
  expect(find(create('a', ines), create('b', ines, { projectId: 'other' }))).toEqual([]);
  expect(find(create('a', ines), create('b', ines, { status: 'withdrawn' }))).toEqual([]);
});
