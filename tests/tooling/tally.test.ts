import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  emptyTally,
  formatTally,
  skipReasonVariable,
  sumTallies,
  takeTally,
  tallyVariable,
} from '../../scripts/reporters/tally.ts';

const repositoryRoot = path.resolve(import.meta.dirname, '../..');

let folder: string;
let tallyFile: string;

beforeEach(() => {
  // Inside the repository, so that the tests in it find their runner's package.
  mkdirSync(path.join(repositoryRoot, 'out'), { recursive: true });
  folder = mkdtempSync(path.join(repositoryRoot, 'out', 'tally-'));
  tallyFile = path.join(folder, 'tally.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(runner: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const inherited = Object.fromEntries(
    // The runner that runs this very test must not be taken for the parent of the one started here.
    Object.entries(process.env).filter(([name]) => !/^(?:VITEST|TEST|FORCE_COLOR)/.test(name)),
  );
  const result = spawnSync(
    process.execPath,
    [path.join(repositoryRoot, 'node_modules', runner), ...args],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...inherited, ...env, [tallyVariable]: tallyFile },
    },
  );
  return takeTally(tallyFile, result.status ?? 1);
}

describe('the tally of vitest', () => {
  const reporter = path.join(repositoryRoot, 'scripts/reporters/vitest-tally.ts');
  const vitest = () =>
    run('vitest/vitest.mjs', ['run', `--root=${folder}`, `--reporter=${reporter}`]);

  test('counts what passed, failed and was skipped, with the reason', () => {
    writeFileSync(path.join(folder, 'vitest.config.ts'), 'export default {};\n');
    writeFileSync(
      path.join(folder, 'a.test.ts'),
      "import { describe, expect, test } from 'vitest';\ntest('right', () => {});\ndescribe('group', () => {\n  test('wrong', () => expect(1).toBe(2));\n});\ntest('left out', ({ skip }) => skip('no network'));\n",
    );
    expect(vitest()).toEqual({
      passed: 1,
      failed: 1,
      skipped: [{ name: 'a.test.ts > left out', reason: 'no network' }],
    });
  });

  test('counts a file that cannot be loaded as a failure', () => {
    writeFileSync(path.join(folder, 'vitest.config.ts'), 'export default {};\n');
    writeFileSync(path.join(folder, 'a.test.ts'), "throw new Error('broken');\n");
    expect(vitest()).toEqual({ passed: 0, failed: 1, skipped: [] });
  });
});

describe('the tally of Playwright', () => {
  const reporter = path.join(repositoryRoot, 'scripts/reporters/playwright-tally.ts');
  const journey = [
    "import { expect, test } from '@playwright/test';",
    "test('right', () => {});",
    "test('wrong', () => expect(1).toBe(2));",
    "test('left out', () => test.skip(true, 'no display'));",
  ].join('\n');
  const playwright = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    writeFileSync(path.join(folder, 'playwright.config.ts'), "export default { testDir: '.' };\n");
    writeFileSync(path.join(folder, 'a.test.ts'), journey);
    return run('@playwright/test/cli.js', ['test', `--reporter=${reporter}`, ...args], env);
  };

  test('counts what passed, failed and was skipped, with the reason', () => {
    expect(playwright([])).toEqual({
      passed: 1,
      failed: 1,
      skipped: [{ name: 'a.test.ts > left out', reason: 'no display' }],
    });
  });

  test('lists journeys that cannot run here as skipped, by name', () => {
    const reason = 'no Electron';
    expect(playwright(['--list'], { [skipReasonVariable]: reason })).toEqual({
      passed: 0,
      failed: 0,
      skipped: [
        { name: 'a.test.ts > right', reason },
        { name: 'a.test.ts > wrong', reason },
        { name: 'a.test.ts > left out', reason },
      ],
    });
  });
});

describe('the summary', () => {
  test('sums the runners in one line, after the names of what was skipped', () => {
    const total = sumTallies([
      { passed: 2, failed: 0, skipped: [{ name: 'a', reason: 'b' }] },
      { passed: 3, failed: 1, skipped: [] },
    ]);
    expect(formatTally(total)).toBe('skipped: a (b)\n5 passed, 1 failed, 1 skipped');
  });

  test('a runner that broke down without a tally counts as one failure', () => {
    for (const status of [0, 1])
      expect(takeTally(path.join(tmpdir(), 'stint-no-such-tally.json'), status)).toEqual({
        ...emptyTally,
        failed: 1,
      });
  });
});
