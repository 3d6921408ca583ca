import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const rendererTests = 'tests/unit/renderer/**/*.test.{ts,tsx}';

function project(name: string) {
  return {
    extends: true as const,
    test: { name, include: [`tests/${name}/**/*.test.{ts,tsx}`], exclude: [rendererTests] },
  };
}

/** Some of these draw into a document of their own: what React finds when it is loaded, it keeps. */
const rendererProject = {
  extends: true as const,
  test: { name: 'renderer', include: [rendererTests], isolate: true },
};

/** The same contract on the other storage, and what only that storage has. */
const postgresProject = {
  extends: true as const,
  test: {
    name: 'postgres',
    include: [
      'tests/contract/server/{backup,broken-lines,change-password,check-server,checksums,close-account,collect-contents,copied-timer,cycle,devices,erase-invitation,live-access,new-organizations,organization-writer,people,permissions,pokes,protocol-versions,pull,push,quarantine,quarantine-routing,quotas,rekey,reset-password,restored-server,small-files,sync-attacks,tenants,timesheets,unfinished-uploads,uploads}.test.ts',
      'tests/contract/recorded/recorded-traffic.test.ts',
      'tests/contract/cli/server-password.test.ts',
      'tests/postgres/**/*.test.ts',
    ],
    env: { STINT_TEST_STORAGE: 'postgres' },
    globalSetup: 'tests/support/postgres/postgres-setup.ts',
    setupFiles: 'tests/support/postgres/skip-without-postgres.ts',
  },
};

export default defineConfig({
  test: {
    environment: 'node',
    // better-sqlite3 is a native module: processes, not threads.
    pool: 'forks',
    // A process keeps what it has loaded from one file of tests to the next: a quarter of the time was loading the same again.
    isolate: false,
    // Vitest leaves one processor free for watching, which nothing here does; and a third of the time tests wait for other
    // processes, clocks and disks.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    passWithNoTests: true,
    // The default of one second is a wager on how busy the machine is.
    expect: { poll: { timeout: 15_000 } },

    projects: [
      project('unit'),
      rendererProject,
      project('contract'),
      project('simulation'),
      project('soak'),
      postgresProject,
      project('tooling'),
    ],
  },
});
