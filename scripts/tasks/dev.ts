// Electron with hot reload where it is installed. Elsewhere all bundles are rebuilt on change and
// the browser host starts again with them; reload the page to see a change of the interface.
import path from 'node:path';
import { resolveConfig } from 'electron-vite';
import { build } from 'vite';
import { findElectron } from '../find-electron.ts';
import { repositoryRoot, runPackageStep, runStep } from '../run-step.ts';

const args = process.argv.slice(2);

if (findElectron() === undefined) {
  console.log(
    'Electron is not installed here: building for the browser host, and on every change.',
  );
  await buildOnChange();
  process.exitCode = await runStep(process.execPath, [
    '--watch',
    path.join(repositoryRoot, 'out/main/loopback.js'),
    ...args,
  ]);
  // The watchers would keep the process alive.
  process.exit();
} else {
  process.exitCode = await runPackageStep('electron-vite', 'electron-vite', [
    'dev',
    '--watch',
    '--',
    ...args,
  ]);
}

async function buildOnChange(): Promise<void> {
  const { config } = await resolveConfig({ root: repositoryRoot }, 'build', 'production');
  for (const target of [config?.main, config?.renderer]) {
    if (target === undefined) continue;
    const watcher = await build({
      ...target,
      logLevel: 'warn',
      build: { ...target.build, watch: {} },
    });
    if (!('on' in watcher)) throw new Error('The build did not start to watch its sources.');
    await new Promise<void>((resolve, reject) => {
      watcher.on('event', (event) => {
        if (event.code === 'END') resolve();
        if (event.code === 'ERROR') reject(event.error);
      });
    });
  }
}
