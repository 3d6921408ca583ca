// All that CI runs: the checks, the build, the tests on Node and the journeys in a browser. The last
// line is the sum over all runners, whatever happened.
import { globSync } from 'node:fs';
import path from 'node:path';
import { buildApp } from '../build-app.ts';
import { checkProject } from '../check-project.ts';
import { browserVariable, obtainBrowser } from '../find-browser.ts';
import { findDisplayObstacle, findElectron } from '../find-electron.ts';
import { makeMemoryFolder } from '../memory-folder.ts';
import {
  emptyTally,
  formatTally,
  skipReasonVariable,
  sumTallies,
  takeTally,
  tallyVariable,
  type Tally,
} from '../reporters/tally.ts';
import { formatSeconds, repositoryRoot, runPackageStep } from '../run-step.ts';

const resultsFolder = path.join(repositoryRoot, 'out', 'test-results');
const failure: Tally = { ...emptyTally, failed: 1 };
const memoryFolder = makeMemoryFolder();
const temporary: Readonly<Record<string, string>> =
  memoryFolder === undefined ? {} : { TMPDIR: memoryFolder };

const tallies: Tally[] = [];
const failedStages: string[] = [];
await stage('check', async () => ((await checkProject()) === undefined ? emptyTally : failure));
const built = await stage('build', async () => ((await buildApp()) === 0 ? emptyTally : failure));
await stage('tests', () => runTests(built.failed === 0));
if (built.failed === 0) {
  await stage('journeys in the browser', runBrowserJourneys);
  await stage('journeys in Electron', runElectronJourneys);
} else {
  console.log('The journeys were not run, since there is no build to run them on.');
}
const total = sumTallies(tallies);
if (failedStages.length > 0) console.log(`\nFailed stages: ${failedStages.join(', ')}`);
console.log(`\n${formatTally(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function stage(name: string, run: () => Promise<Tally>): Promise<Tally> {
  console.log(`\n== ${name}`);
  const startedAt = performance.now();
  let tally = failure;
  try {
    tally = await run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  tallies.push(tally);
  if (tally.failed > 0) failedStages.push(name);
  const verdict = tally.failed === 0 ? 'ok' : 'FAILED';
  console.log(`== ${name}: ${verdict} (${formatSeconds(performance.now() - startedAt)})`);
  return tally;
}

/** @param isBuilt what `stint` is has just been built, and starts sooner than its sources */
async function runTests(isBuilt: boolean): Promise<Tally> {
  const file = path.join(resultsFolder, 'vitest-tally.json');
  const status = await runPackageStep(
    'vitest',
    'vitest',
    ['run', '--reporter=default', '--reporter=./scripts/reporters/vitest-tally.ts'],
    {
      env: {
        ...temporary,
        [tallyVariable]: file,
        ...(isBuilt ? { STINT_BUILT_FOLDER: path.join(repositoryRoot, 'out') } : {}),
      },
    },
  );
  return takeTally(file, status);
}

async function runBrowserJourneys(): Promise<Tally> {
  if (!hasJourneys('tests/journeys')) return emptyTally;
  const browser = await obtainBrowser();
  console.log(browser.message);
  return runJourneys('journeys', { [browserVariable]: browser.executable }, []);
}

async function runElectronJourneys(): Promise<Tally> {
  if (!hasJourneys('tests/journeys-electron')) return emptyTally;
  const obstacle =
    findElectron() === undefined
      ? "Electron's executable is not on this machine"
      : findDisplayObstacle();
  if (obstacle === undefined) return runJourneys('electron', {}, []);
  return runJourneys('electron', { [skipReasonVariable]: obstacle }, ['--list']);
}

function hasJourneys(folder: string): boolean {
  return globSync(`${folder}/**/*.journey.ts`, { cwd: repositoryRoot }).length > 0;
}

async function runJourneys(
  project: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Tally> {
  const file = path.join(resultsFolder, `${project}-tally.json`);
  const reporters = ['list', './scripts/reporters/playwright-tally.ts'].join(',');
  const status = await runPackageStep(
    '@playwright/test',
    'playwright',
    ['test', `--project=${project}`, `--reporter=${reporters}`, ...args],
    { env: { ...temporary, ...env, [tallyVariable]: file } },
  );
  return takeTally(file, status);
}
