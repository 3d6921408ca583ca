import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const repositoryRoot = path.resolve(import.meta.dirname, '../..');

interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface LockEntry {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(repositoryRoot, file), 'utf8'));
}

test('the lock file holds no addresses, so that any registry can serve it', () => {
  const { packages } = readJson('package-lock.json') as LockFile;
  const addressed = Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined);
  expect(addressed.map(([name]) => name)).toEqual([]);
});

test('the lock file names the binaries for every platform, without which npm 11 refuses it', () => {
  const { packages } = readJson('package-lock.json') as LockFile;
  const present = new Set(
    Object.keys(packages).map((name) => name.slice(name.lastIndexOf('node_modules/') + 13)),
  );
  const missing = Object.values(packages)
    .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
    .filter((name) => !present.has(name));
  expect(missing).toEqual([]);
});

test('every dependency is pinned to one version', () => {
  const manifest = readJson('package.json') as Manifest;
  const all = {
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  };
  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
});

test('install scripts stay off, since one of them would need a compiler', () => {
  expect(readFileSync(path.join(repositoryRoot, '.npmrc'), 'utf8')).toMatch(
    /^ignore-scripts=true$/m,
  );
});
