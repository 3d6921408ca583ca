import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeMemoryFolder } from '../../scripts/memory-folder.ts';

const script = path.resolve(import.meta.dirname, '../../scripts/memory-folder.ts');

/** What a process of its own made, and had while it ran. */
function runMaker(): { readonly folder?: string; readonly isThere: boolean } {
  const program = `
    const { existsSync } = await import('node:fs');
    const { makeMemoryFolder } = await import(${JSON.stringify(script)});
    const folder = makeMemoryFolder();
    console.log(JSON.stringify({ folder, isThere: folder !== undefined && existsSync(folder) }));`;
  const { stdout } = spawnSync(
    process.execPath,
    ['--no-warnings', '--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  return JSON.parse(stdout) as ReturnType<typeof runMaker>;
}

test('tests write into memory where there is plenty, and nothing of it is left when they end', ({
  skip,
}) => {
  const own = makeMemoryFolder();
  if (own === undefined) skip('there is no plenty of memory on this machine');
  const folder = own ?? '';
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // PostgreSQL's user has to write there.
  expect(statSync(folder).mode & 0o7777).toBe(0o1777);

  const killed = spawnSync(process.execPath, ['--eval', 'process.kill(process.pid, "SIGKILL")']);
  const leftover = path.join(path.dirname(folder), `stint-tests-${killed.pid}`);
  mkdirSync(leftover);
  onTestFinished(() => rmSync(leftover, { recursive: true, force: true }));
  const other = runMaker();
  expect(other.isThere).toBe(true);
  expect([other.folder, leftover, folder].map((each) => existsSync(each ?? ''))).toEqual([
    false,
    false,
    true,
  ]);
});
