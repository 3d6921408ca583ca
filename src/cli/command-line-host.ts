import path from 'node:path';
import { locateAppFiles } from '../main/hosting/app-files.ts';
import { SampleKeeper } from '../main/hosting/sample-keeper.ts';
import type { HostCapabilities } from '../main/workspace/engine/host-capabilities.ts';
import { type Engine, openEngine } from '../main/workspace/engine/open-engine.ts';
import { closeAll } from '../shared/close-all.ts';
import { StintError } from '../shared/errors.ts';

/**
 * Opens a workspace folder without a window.
 *
 * @param startsSync false leaves the network alone.
 * @throws StintError `workspace_in_use` while the app has the folder open, and what `openEngine` says.
 */
export async function openWorkspace(
  dataFolder: string,
  options: { readonly startsSync: boolean },
): Promise<Pick<Engine, 'dispatch' | 'settle' | 'close'>> {
  const appFiles = locateAppFiles(import.meta.dirname);
  const sample = new SampleKeeper(async (folder) => {
    const { startSampleServer } = await import('../main/sample/start-sample-server.ts');
    return startSampleServer(folder, path.join(appFiles.resourcesFolder, 'sample'));
  });
  const host: HostCapabilities = {
    kind: 'command_line',
    openExternal: () => refuse('the command line opens no addresses'),
    startSample: (folder) => sample.obtain(folder),
    getUpdateState: () => ({ state: 'off', version: null, message: null }),
    installUpdate: () => refuse('the command line installs no updates'),
  };
  try {
    const engine = await openEngine({
      folder: path.resolve(dataFolder),
      version: appFiles.version,
      host,
      startsSync: options.startsSync,
    });
    return {
      dispatch: engine.dispatch,
      settle: engine.settle,
      close: () => closeAll([() => sample.close(), () => engine.close()]),
    };
  } catch (error) {
    await sample.close();
    if (error instanceof StintError && error.code === 'database_damaged')
      throw new StintError(
        error.code,
        `${error.message}\n"stint workspace rescue" saves the unsent work, and "stint workspace restore --from ${dataFolder} --workspace ${dataFolder} --replace" puts the newest copy in its place`,
        { cause: error },
      );
    throw error;
  }
}

function refuse(reason: string): Promise<never> {
  return Promise.reject(new StintError('unavailable', reason));
}
