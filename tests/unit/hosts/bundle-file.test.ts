import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { findBundleFile, isBundleFile } from '../../../src/main/electron/bundle-file.ts';

const folder = path.resolve('/home/ada');

test('a bundle is found where a system puts it, from the folder in which the program was started', () => {
  expect(findBundleFile(['stint', '--data', 'x', 'work.zip'], folder)).toBe(
    path.join(folder, 'work.zip'),
  );
  const whole = path.resolve('/mnt/stick/Work.ZIP');
  expect(findBundleFile(['stint', whole], folder)).toBe(whole);
  expect(findBundleFile(['stint', pathToFileURL(whole).href], folder)).toBe(whole);
});

test.each([
  ['stint'],
  ['work.zip', '--flag'],
  ['--x=work.zip'],
  ['stint://join?a=b.zip'],
  ['stint:x/../../home/ada/Downloads/work.zip'],
  ['STINT:/home/ada/Downloads/work.zip'],
  ['a.txt'],
  ['file://a%2Fb/c.zip'],
])('%s %s names no bundle', (...args) => {
  expect(findBundleFile(args, folder)).toBeUndefined();
});

test('a path longer than systems have is none', () => {
  expect(isBundleFile(`${'x'.repeat(5000)}.zip`)).toBe(false);
});
