import path from 'node:path';
import { buildApp, isBuildFresh } from '../build-app.ts';
import { hasFailedToStart } from '../find-electron.ts';
import { obtainElectron } from '../obtain-electron.ts';
import { nodeFlags } from '../node-flags.mjs';
import { repositoryRoot, runStep } from '../run-step.ts';

const args = process.argv.slice(2);

if (isBuildFresh()) {
  process.exitCode = await open();
} else {
  console.log('Building Stint, since its sources are newer than the last build…');
  const status = await buildApp();
  process.exitCode = status === 0 ? await open() : status;
}

async function open(): Promise<number> {
  const electron = await obtainElectron();
  if (electron.executable !== undefined) {
    console.log('Opening Stint.');
    const startedAt = performance.now();
    const status = await runStep(electron.executable, [repositoryRoot, ...args]);
    if (!hasFailedToStart(status, performance.now() - startedAt)) return status;
    return openInBrowser(`Electron does not run on this computer (status ${status})`);
  }
  return openInBrowser(electron.reason);
}

function openInBrowser(reason: string): Promise<number> {
  console.log(`Stint runs in the browser, because ${reason}.`);
  return runStep(process.execPath, [
    ...nodeFlags,
    path.join(repositoryRoot, 'out/main/loopback.js'),
    ...args,
  ]);
}
