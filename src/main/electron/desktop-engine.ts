import path from 'node:path';
import { dialog, powerMonitor, shell } from 'electron';
import type { AppFiles } from '../hosting/app-files.ts';
import { closeAll } from '../../shared/close-all.ts';
import { parseExternalUrl } from '../hosting/external-url.ts';
import type { HostLog } from '../hosting/host-log.ts';
import { SampleKeeper } from '../hosting/sample-keeper.ts';
import type { UpdateState } from '../workspace/engine/host-capabilities.ts';
import type { Engine } from '../workspace/engine/open-engine.ts';
import { openRecoverableEngine } from '../workspace/engine/recoverable-engine.ts';
import { FileSecretStore } from '../workspace/ports/file-secret-store.ts';
import { openPath, showInFolder, startDrag } from './hand-over.ts';
import { SafeStorageSecretStore } from './safe-storage-secret-store.ts';

export async function openExternal(url: string): Promise<void> {
  await shell.openExternal(parseExternalUrl(url));
}

function sayMemoryOnly(): void {
  void dialog.showMessageBox({
    type: 'info',
    title: 'Stint',
    message: 'This computer has no keyring that Stint can use.',
    detail:
      'You stay signed in until Stint is closed, and sign in again after that. Your work is kept in any case.',
  });
}

export interface DesktopEngineOptions {
  readonly dataFolder: string;
  readonly appFiles: AppFiles;
  readonly getUpdateState: () => UpdateState;
  readonly installUpdate: () => Promise<void>;
  readonly log: HostLog;
}

export interface DesktopEngine {
  readonly engine: Engine;
  /** Ends the engine and then the sample. Calling it again changes nothing. */
  close(): Promise<void>;
}

/** Opens the engine with what the desktop gives it. @throws what `openEngine` throws */
export async function openDesktopEngine(options: DesktopEngineOptions): Promise<DesktopEngine> {
  const { dataFolder, appFiles, getUpdateState, installUpdate, log } = options;
  const sample = new SampleKeeper(async (folder) => {
    // The server is loaded for those alone who try the sample.
    const { startSampleServer } = await import('../sample/start-sample-server.ts');
    return startSampleServer(folder, path.join(appFiles.resourcesFolder, 'sample'));
  });
  const engine = await openRecoverableEngine({
    folder: dataFolder,
    version: appFiles.version,
    secrets: new SafeStorageSecretStore({
      encrypted: new FileSecretStore(path.join(dataFolder, 'secrets-encrypted')),
      readable: new FileSecretStore(path.join(dataFolder, 'secrets')),
      onMemoryOnly: sayMemoryOnly,
      log,
    }),
    host: {
      kind: 'electron',
      readIdleMs: () => powerMonitor.getSystemIdleTime() * 1000,
      openExternal,
      openPath,
      showInFolder,
      startDrag,
      startSample: (folder) => sample.obtain(folder),
      getUpdateState,
      installUpdate,
    },
  });
  let closing: Promise<void> | undefined;
  return {
    engine,
    close: () => {
      closing ??= closeAll([() => sample.close(), () => engine.close()]);
      return closing;
    },
  };
}
