import { expect, test } from 'vitest';
import {
  findDoubled,
  findEngagementOf,
} from '../../../src/renderer/features/projects/find-doubled.ts';
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

test('whoever is about to be invited is found where they are on the project already', () => {
  const there = [
    create('a', { membershipId: 'm', name: 'Ines', email: 'ines@example.org' }),
    create('b', { name: 'Tom' }, { status: 'withdrawn' }),
  ];
  const find = (name: string, email: string | null, projectId = 'market') =>
    findEngagementOf({ membershipId: null, name, email }, projectId, there)?.engagementId;
  expect(find('I. Sharma', ' INES@example.org')).toBe('a');
  expect(find('ines', null)).toBe('a');
  expect(find('Ines', 'other@example.org')).toBeUndefined();
  expect(find('Ines', null, 'other')).toBeUndefined();
  expect(find('Tom', null)).toBeUndefined();
});
