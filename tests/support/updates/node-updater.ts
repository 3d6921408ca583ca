import { EventEmitter } from 'node:events';
import { type IncomingMessage, request, type RequestOptions } from 'node:http';
import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { type AppUpdater, AppImageUpdater, NsisUpdater } from 'electron-updater';
import type { AppAdapter } from 'electron-updater/out/AppAdapter.js';
import { ElectronHttpExecutor } from 'electron-updater/out/electronHttpExecutor.js';

// Before it quits, the updater tells Electron's own one, which it asks for by `require`.
const require = createRequire(import.meta.url);
const electron = new Module('electron');
electron.exports = { autoUpdater: new EventEmitter() };
electron.loaded = true;
require.cache[require.resolve('electron')] = electron;

/** electron-updater's own executor over node:http in place of Electron's net. */
class NodeHttpExecutor extends ElectronHttpExecutor {
  override createRequest(options: RequestOptions, callback: (response: never) => void): never {
    return request(options, callback as (response: IncomingMessage) => void) as never;
  }
}

export interface NodeUpdater {
  readonly updater: AppUpdater;
  /** How often it was asked to quit. */
  readonly quits: () => number;
  /** What the app's end sets off. */
  readonly endApp: () => void;
}

const updaters = { windows: NsisUpdater, linux: AppImageUpdater };

/** The true updater of a platform, on plain Node, in an app that is installed at version 1.0.0. */
export function createNodeUpdater(
  platform: keyof typeof updaters,
  folder: string,
  /** Throws where the system does not let the program be replaced. */
  install: () => void,
): NodeUpdater {
  let quits = 0;
  const quitHandlers: ((exitCode: number) => void)[] = [];
  const adapter: AppAdapter = {
    version: '1.0.0',
    name: 'stint',
    isPackaged: true,
    appUpdateConfigPath: path.join(folder, 'app-update.yml'),
    userDataPath: path.join(folder, 'user-data'),
    baseCachePath: path.join(folder, 'cache'),
    whenReady: () => Promise.resolve(),
    relaunch: () => undefined,
    quit: () => {
      quits += 1;
    },
    onQuit: (handler) => quitHandlers.push(handler),
  };
  const updater = new updaters[platform](undefined, adapter);
  // The last step replaces the program on the disk, which there is none of here.
  Object.assign(updater, {
    httpExecutor: new NodeHttpExecutor(),
    disableDifferentialDownload: true,
    doInstall: () => {
      install();
      return true;
    },
  });
  return {
    updater,
    quits: () => quits,
    endApp: () => {
      for (const handler of quitHandlers) handler(0);
    },
  };
}
