import { expect, test } from 'vitest';
import { describeDevice } from '../../../src/renderer/format/device-name.ts';

test('a device without a name that can be seen is called so', () => {
  expect(describeDevice('Laptop')).toBe('Laptop');
  for (const name of [null, '', '\u200b', ' \u2060'])
    expect(describeDevice(name)).toBe('a device that is not named');
});
