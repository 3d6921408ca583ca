// Lists the rules of docs/sync-protocol.md with the tests whose titles begin with each; fails where one has none.
import { listUntestedRules, loadRuleCoverage } from '../rule-coverage.ts';

for (const [rule, tests] of loadRuleCoverage()) {
  console.log(`${rule}  ${tests.length} ${tests.length === 1 ? 'test' : 'tests'}`);
  for (const { title, file } of tests) console.log(`    ${title}  (${file})`);
}
const untested = listUntestedRules();
if (untested.length > 0) console.error(`Rules without a test: ${untested.join(', ')}`);
process.exitCode = untested.length === 0 ? 0 : 1;
