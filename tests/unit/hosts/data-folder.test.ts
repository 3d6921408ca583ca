import { expect, test } from 'vitest';
import { computeDefaultDataFolder } from '../../../src/main/hosting/data-folder.ts';

const homeFolder = '/home/ada';

test.each([
  ['linux', {}, '/home/ada/.local/share/stint'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/stint'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/stint'],
  ['linux', { XDG_DATA_HOME: '' }, '/home/ada/.local/share/stint'],
  ['darwin', { XDG_DATA_HOME: '/data' }, '/home/ada/Library/Application Support/Stint'],
  [
    'win32',
    { APPDATA: String.raw`C:\Users\Ada\AppData\Roaming` },
    String.raw`C:\Users\Ada\AppData\Roaming\Stint`,
  ],
] as const)('on %s with %j the workspace lies in %s', (platform, env, expected) => {
  expect(computeDefaultDataFolder({ platform, env, homeFolder })).toBe(expected);
});
