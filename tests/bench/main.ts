// npm run bench -- [NAME…] [--growth] [--json FILE]: see docs/benchmarks.md.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { buildApp, isBuildFresh } from '../../scripts/build-app.ts';
import { launchBenchBrowser } from './harness/bench-browser.ts';
import { formatTable } from './harness/format-table.ts';
import { type Result, runBenchmark } from './harness/run-benchmark.ts';
import { type Selection, selectBenchmarks } from './harness/select-benchmarks.ts';
import { listBenchmarks } from './registry.ts';

interface Asked {
  readonly selections: readonly Selection[];
  readonly jsonFile: string | undefined;
}

/** @throws with words for the person, when the arguments are not understood */
function parseArguments(args: string[]): Asked {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'string' }, growth: { type: 'boolean' } },
  });
  const benchmarks = listBenchmarks({ isFull: values.growth === true });
  return { selections: selectBenchmarks(benchmarks, positionals), jsonFile: values.json };
}

async function run({ selections, jsonFile }: Asked): Promise<void> {
  if (!isBuildFresh()) {
    console.error('Building Stint, since its sources are newer than the last build…');
    if ((await buildApp()) !== 0) throw new Error('The build failed: there is nothing to measure.');
  }
  let browser: Promise<Browser> | undefined;
  const results: Result[] = [];
  try {
    for (const selection of selections) {
      const names = selection.ids.join(', ');
      results.push(
        ...(await runBenchmark(
          selection,
          { obtainBrowser: () => (browser ??= launchBenchBrowser()) },
          (round, of) =>
            console.error(`${names}: ${round === 0 ? 'warming up' : `round ${round} of ${of}`}`),
        )),
      );
    }
  } finally {
    await (await browser)?.close();
  }
  const measures = Object.assign({}, ...selections.map(({ benchmark }) => benchmark.measures));
  console.log(`\n${formatTable(results, measures)}`);
  if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify(results, null, 2)}\n`);
}

let asked: Asked | undefined;
try {
  asked = parseArguments(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error('Usage: npm run bench -- [NAME…] [--growth] [--json FILE]');
  process.exitCode = 2;
}
if (asked !== undefined) await run(asked);
