import { expect, test } from 'vitest';
import { computeJoinPath, findInvitationLink } from '../../../src/main/electron/invitation-link.ts';

const link = 'stint://join?server=https%3A%2F%2Fstint.example#code';

test('the link is found among what a system puts on the command line', () => {
  expect(findInvitationLink(['/usr/bin/stint', '--data', '/x', link])).toBe(link);
  expect(findInvitationLink(['stint', '--flag'])).toBeUndefined();
});

test.each([
  'stint://open?file=x',
  'http://join?x',
  'stint:join?x',
  `${link}${'x'.repeat(2000)}`,
  'x stint://join?',
])('%s is no invitation', (text) => {
  expect(findInvitationLink([text])).toBeUndefined();
});

test('whatever a link holds, it stays a value in the address of the join screen', () => {
  const url = new URL(`app://stint${computeJoinPath('stint://join?a=b&c=d#e')}`);
  expect(url.pathname).toBe('/join');
  expect([...url.searchParams]).toEqual([['link', 'stint://join?a=b&c=d#e']]);
  expect(url.hash).toBe('');
});
