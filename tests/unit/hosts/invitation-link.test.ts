import path from 'node:path';
import { expect, test } from 'vitest';
import {
  computeJoinPath,
  computeLinkArguments,
  findInvitationLink,
} from '../../../src/main/electron/invitation-link.ts';
import { parseDataFolder } from '../../../src/main/electron/command-line.ts';

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

test('a link that brings options along sets none', () => {
  expect(computeLinkArguments({ argv: ['stint.exe'] })).toEqual(['--']);
  const hostile = [...computeLinkArguments({ argv: ['stint.exe'] }), link, '--data', '/elsewhere'];
  expect(parseDataFolder(hostile, '/usual')).toBe('/usual');
  expect(findInvitationLink(hostile)).toBe(link);
});

test('in development a link starts Electron with the folder that it was started with', () => {
  expect(computeLinkArguments({ argv: ['electron', '.'], defaultApp: true })).toEqual([
    path.resolve('.'),
    '--',
  ]);
});

test('half a character in a link is no failure', () => {
  expect(computeJoinPath(`${link}\uD800`)).toBe(`/join?link=${encodeURIComponent(link)}%EF%BF%BD`);
});
