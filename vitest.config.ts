import { defineConfig } from 'vitest/config';

function project(name: string) {
  return {
    extends: true as const,
    test: { name, include: [`tests/${name}/**/*.test.{ts,tsx}`] },
  };
}

export default defineConfig({
  test: {
    environment: 'node',
    // better-sqlite3 is a native module: processes, not threads.
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    passWithNoTests: true,

    projects: [project('unit'), project('contract'), project('tooling')],
  },
});
