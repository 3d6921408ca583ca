import type { Reporter, TestModule } from 'vitest/node';
import { writeTally, type SkippedTest } from './tally.ts';

export default class VitestTally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    // An error outside of any test is a failure of its own.
    let failed = unhandledErrors.length;
    const skipped: SkippedTest[] = [];
    for (const module of modules) {
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'skipped') {
          skipped.push({
            name: `${module.relativeModuleId} > ${test.fullName}`,
            reason: result.note ?? 'no reason given',
          });
        } else failedHere += 1;
      }
      // A file that could not be loaded, or whose hooks failed, has no failed test to show for it.
      if (failedHere === 0 && !module.ok()) failedHere = 1;
      failed += failedHere;
    }
    writeTally({ passed, failed, skipped });
  }
}
