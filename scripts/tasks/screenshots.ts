// Makes docs/screenshots/ anew: every screen of the sample in a real browser. Takes a built tree.
import { buildApp, isBuildFresh } from '../build-app.ts';
import { browserVariable, obtainBrowser } from '../find-browser.ts';
import { runPackageStep } from '../run-step.ts';

process.exitCode = await makeScreenshots();

async function makeScreenshots(): Promise<number> {
  if (!isBuildFresh()) {
    console.log('Building Stint, since its sources are newer than the last build…');
    const status = await buildApp();
    if (status !== 0) return status;
  }
  const browser = await obtainBrowser();
  console.log(browser.message);
  return runPackageStep('@playwright/test', 'playwright', ['test', '--project=screenshots'], {
    env: { [browserVariable]: browser.executable },
  });
}
