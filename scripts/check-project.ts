import { listUntestedRules } from './rule-coverage.ts';
import { formatSeconds, runPackageStep } from './run-step.ts';

interface CheckStep {
  readonly name: string;
  readonly run: () => Promise<number>;
}

/** Quickest first, so that the commonest mistakes are told soonest. */
const steps: readonly CheckStep[] = [
  { name: 'format', run: () => runPackageStep('oxfmt', 'oxfmt', ['--check']) },
  { name: 'lint and layers', run: () => runPackageStep('oxlint', 'oxlint', []) },
  { name: 'unused code', run: () => runPackageStep('knip', 'knip', []) },
  { name: 'types', run: () => runPackageStep('typescript', 'tsc', ['--build']) },
  { name: 'rules have tests', run: checkRules },
];

async function checkRules(): Promise<number> {
  const untested = listUntestedRules();
  if (untested.length === 0) return 0;
  console.error(
    `No test's title begins with ${untested.join(', ')}; "npm run rules" lists them all.`,
  );
  return 1;
}

/**
 * Checks format, lint, layers, unused code, types, and that every sync rule has a test; stops at the first that fails.
 *
 * @returns the name of the step that failed, or undefined when all is well
 */
export async function checkProject(): Promise<string | undefined> {
  for (const step of steps) {
    const startedAt = performance.now();
    const status = await step.run();
    const duration = formatSeconds(performance.now() - startedAt);
    console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${step.name} (${duration})`);
    if (status !== 0) return step.name;
  }
  return undefined;
}
