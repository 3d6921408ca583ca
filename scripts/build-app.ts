import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot, runPackageStep } from './run-step.ts';

const stampFile = path.join(repositoryRoot, 'out', '.build-stamp');

/** All that the bundles are made of. */
const sourcePatterns = ['src/**/*', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];

/** Whether out/ holds what the present sources would give. */
export function isBuildFresh(): boolean {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === computeSourceHash();
}

/**
 * Builds the bundles of both hosts, of the command line and of the interface into out/.
 *
 * @returns the exit status; the stamp is written only on success
 */
export async function buildApp(): Promise<number> {
  // Taken before the build: a source that changes meanwhile makes the result stale, not fresh.
  const hash = computeSourceHash();
  const status = await runPackageStep('electron-vite', 'electron-vite', [
    'build',
    '--logLevel',
    'warn',
  ]);
  if (status === 0) {
    mkdirSync(path.dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, hash);
  }
  return status;
}

function computeSourceHash(): string {
  const hash = createHash('sha256');
  const files = globSync(sourcePatterns, { cwd: repositoryRoot, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
  for (const file of files) {
    hash.update(`${path.relative(repositoryRoot, file)}\0`);
    hash.update(readFileSync(file));
    hash.update('\0');
  }
  return hash.digest('hex');
}
