import path from 'node:path';
import { expect, test } from 'vitest';
import { parseLoopbackArguments } from '../../../src/main/loopback/command-line.ts';

test('nothing said opens the usual folder on any port, in the browser', () => {
  expect(parseLoopbackArguments([], '/data')).toEqual({
    dataFolder: path.resolve('/data'),
    port: 0,
    opensBrowser: true,
    isJson: false,
  });
});

test('a program that reads JSON gets no browser', () => {
  const args = parseLoopbackArguments(['--data', 'here', '--port', '8080', '--json'], '/data');
  expect(args).toEqual({
    dataFolder: path.resolve('here'),
    port: 8080,
    opensBrowser: false,
    isJson: true,
  });
});

test.each([
  ['--port', 'x'],
  ['--port', '-1'],
  ['--port', '65536'],
  ['--port', ''],
  ['--folder', 'x'],
  ['here'],
])('%s %s is refused with what was expected', (...args) => {
  expect(() => parseLoopbackArguments(args, '/data')).toThrow(
    expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining('--port') }),
  );
});
