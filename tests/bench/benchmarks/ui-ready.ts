import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from '@playwright/test';
import { repositoryRoot } from '../../../scripts/run-step.ts';
import type { Benchmark } from '../harness/benchmark.ts';
import { type LineProcess, startLineProcess } from '../harness/line-process.ts';
import { readHostUrl } from '../harness/loopback-process.ts';

const bareServer = path.resolve(import.meta.dirname, '../probes/bare-page-server.ts');

/**
 * From `npm start` of a built tree on a folder that does not exist yet, in the browser host, to the
 * first-start screen in a Chromium that runs already: the launcher, the check whether the build is fresh, the
 * workspace's first migrations, the page's code, `app.state` answered and drawn.
 */
export const uiReady: Benchmark<'ui.ready.ms'> = {
  measures: {
    'ui.ready.ms': {
      unit: 'ms',
      what: 'from npm start of a built tree to an interface that answers',
      limit: 'npm, the launcher and an empty page from a bare HTTP server',
    },
  },
  rounds: 7,
  prepare: async ({ obtainBrowser }) => {
    const browser = await obtainBrowser();
    const folder = await mkdtemp(path.join(tmpdir(), 'stint-bench-start-'));
    await writeFile(
      path.join(folder, 'package.json'),
      JSON.stringify({
        private: true,
        scripts: {
          start: `node "${path.join(repositoryRoot, 'scripts/launch.mjs')}" run "${bareServer}"`,
        },
      }),
    );
    let round = 0;
    return {
      runRound: async () => {
        round += 1;
        const limit = await measureReady(browser, startNpm(folder, []), 'Ready');
        const dataFolder = path.join(folder, `workspace-${round}`);
        const started = startNpm(repositoryRoot, ['--json', '--data', dataFolder]);
        return {
          'ui.ready.ms': { value: await measureReady(browser, started, 'Welcome to Stint'), limit },
        };
      },
      dispose: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

function startNpm(cwd: string, args: readonly string[]): LineProcess {
  // Without a display Linux takes the browser host, also where Electron is installed.
  const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return startLineProcess(npm, ['start', '--', ...args], { cwd, env });
}

async function measureReady(
  browser: Browser,
  started: LineProcess,
  heading: string,
): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const url = readHostUrl(await started.firstJson);
    await page.goto(url.href);
    await page.getByRole('heading', { name: heading }).waitFor();
    return performance.now() - started.startedMs;
  } finally {
    await context.close();
    await started.stop();
  }
}
