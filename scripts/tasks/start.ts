import path from 'node:path';
import { buildApp, isBuildFresh } from '../build-app.ts';
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
    return runStep(electron.executable, [repositoryRoot, ...args]);
  }
  console.log(`Stint runs in the browser, because ${electron.reason}.`);
  return runStep(process.execPath, [
    ...nodeFlags,
    path.join(repositoryRoot, 'out/main/loopback.js'),
    ...args,
  ]);
}
