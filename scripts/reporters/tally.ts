import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Names the file that a runner's reporter writes its tally to. */
export const tallyVariable = 'STINT_TALLY_FILE';

/** When set, Playwright only lists the tests and each counts as skipped for this reason. */
export const skipReasonVariable = 'STINT_SKIP_REASON';

export interface SkippedTest {
  readonly name: string;
  readonly reason: string;
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
}

export const emptyTally: Tally = { passed: 0, failed: 0, skipped: [] };

/** Writes where {@link tallyVariable} says; does nothing when it is not set. */
export function writeTally(tally: Tally): void {
  const file = process.env[tallyVariable];
  if (file === undefined) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(tally));
}

/**
 * Reads and removes a runner's tally. A runner that failed without counting a failure (it crashed,
 * or an error came from outside any test) counts as one, and so does one that counted nothing, whatever it ended with.
 */
export function takeTally(file: string, status: number): Tally {
  let tally = emptyTally;
  try {
    tally = JSON.parse(readFileSync(file, 'utf8')) as Tally;
  } catch {
    // Nothing written: the runner did not get as far as its tests, and some end with 0 all the same.
    tally = { ...emptyTally, failed: 1 };
  }
  rmSync(file, { force: true });
  return status !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

export function sumTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, tally) => ({
      passed: sum.passed + tally.passed,
      failed: sum.failed + tally.failed,
      skipped: [...sum.skipped, ...tally.skipped],
    }),
    emptyTally,
  );
}

/** The lines that end a test run: every skipped test with its reason, then the one line of counts. */
export function formatTally(tally: Tally): string {
  return [
    ...tally.skipped.map(({ name, reason }) => `skipped: ${name} (${reason})`),
    `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped`,
  ].join('\n');
}
