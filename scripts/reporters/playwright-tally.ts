import type { Reporter, Suite, TestCase, TestError } from '@playwright/test/reporter';
import { skipReasonVariable, writeTally, type SkippedTest } from './tally.ts';

export default class PlaywrightTally implements Reporter {
  #tests: readonly TestCase[] = [];
  #errors = 0;

  onBegin(_config: unknown, suite: Suite): void {
    this.#tests = suite.allTests();
  }

  onError(_error: TestError): void {
    this.#errors += 1;
  }

  onEnd(): void {
    const skipReason = process.env[skipReasonVariable];
    let passed = 0;
    let failed = this.#errors;
    const skipped: SkippedTest[] = [];
    for (const test of this.#tests) {
      const outcome = skipReason === undefined ? test.outcome() : 'skipped';
      if (outcome === 'skipped') {
        const annotation = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme');
        const reason = skipReason ?? annotation?.description ?? 'no reason given';
        skipped.push({ name: test.titlePath().filter(Boolean).join(' > '), reason });
      } else if (outcome === 'unexpected') failed += 1;
      else passed += 1;
    }
    writeTally({ passed, failed, skipped });
  }

  printsToStdio(): boolean {
    return false;
  }
}
