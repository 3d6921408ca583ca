import path from 'node:path';
import { app, type BrowserWindow, powerMonitor, session } from 'electron';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { AppFiles } from '../hosting/app-files.ts';
import { createHostResponder } from '../hosting/host-responder.ts';
import type { HostLog } from '../hosting/host-log.ts';
import type { HostedEngine } from '../hosting/hosted-engine.ts';
import { createStaticAssets } from '../hosting/static-assets.ts';
import { appOrigin } from './app-origin.ts';
import { handleAppProtocol } from './app-protocol.ts';
import { createWindow } from './create-window.ts';
import { denyPermissions } from './deny-permissions.ts';
import { createDevelopmentAssets } from './development-assets.ts';
import { markDownloads } from './hand-over.ts';
import { computeJoinPath } from './invitation-link.ts';
import { handleRequests, sendEvent } from './ipc.ts';
import { reviveWindow } from './revive-window.ts';
import { showArrival } from './show-arrival.ts';

export interface DesktopAppOptions {
  readonly engine: HostedEngine;
  readonly appFiles: AppFiles;
  /** For the window's place; the workspace's own files are the engine's. */
  readonly profileFolder: string;
  /** Where electron-vite serves the interface during development. */
  readonly developmentServerUrl: string | undefined;
  readonly log: HostLog;
}

/** The window over an opened engine. The app must be ready. */
export class DesktopApp {
  readonly #options: DesktopAppOptions;
  #window: BrowserWindow | undefined;

  constructor(options: DesktopAppOptions) {
    this.#options = options;
    const { engine, appFiles, developmentServerUrl, log } = options;
    denyPermissions(session.defaultSession);
    markDownloads(session.defaultSession);
    const assets =
      developmentServerUrl === undefined || app.isPackaged
        ? createStaticAssets(appFiles.rendererFolder)
        : createDevelopmentAssets(developmentServerUrl);
    handleAppProtocol(createHostResponder({ engine, assets, log }));
    handleRequests(engine, log);
    engine.subscribe((event) => this.announce(event));
    const kick = () => {
      // Only a hint that the network may be back: it would be found out anyway.
      engine.dispatch('sync.now', {}, 'local').catch(() => undefined);
    };
    powerMonitor.on('resume', kick);
    powerMonitor.on('unlock-screen', kick);
  }

  /** Passes an event to the page; what arrived while the person looks elsewhere is notified as well. */
  announce(event: EngineEvent): void {
    const window = this.#findWindow();
    if (window !== undefined) sendEvent(window.webContents, event);
    if (window?.isFocused() !== true) showArrival(event, () => this.show());
  }

  #findWindow(): BrowserWindow | undefined {
    return this.#window?.isDestroyed() === true ? undefined : this.#window;
  }

  /** Brings the window to the front, making it where there is none. */
  show(): void {
    const window = this.#findWindow();
    if (window === undefined) {
      this.#open('/');
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Shows the join screen with the link filled in; nothing is accepted by that. */
  showInvitation(link: string): void {
    this.#showPage(computeJoinPath(link));
  }

  /**
   * Opens a bundle that the system handed over, to be read. What it is is checked by the engine.
   *
   * @throws StintError as `bundle.openPath` does.
   */
  async openBundle(file: string): Promise<void> {
    const answer = await this.#options.engine.dispatch('bundle.openPath', { path: file }, 'local');
    const { bundleId } = answer as { readonly bundleId: string };
    this.#showPage(`/opened/${bundleId}`);
  }

  #showPage(pagePath: string): void {
    const window = this.#findWindow();
    if (window === undefined) {
      this.#open(pagePath);
      return;
    }
    // A page that stands is told, and goes there itself: loading it anew would throw away what is being written.
    if (window.webContents.isLoadingMainFrame())
      window.loadURL(`${appOrigin}${pagePath}`).catch(() => undefined);
    else sendEvent(window.webContents, { type: 'opened', path: pagePath });
    this.show();
  }

  #open(pagePath: string): void {
    const { appFiles, profileFolder, log } = this.#options;
    const window = createWindow({
      preloadFile: path.join(appFiles.rootFolder, 'out', 'preload', 'preload.cjs'),
      iconFile: path.join(appFiles.resourcesFolder, 'icons', 'icon-256.png'),
      boundsFile: path.join(profileFolder, 'window.json'),
      path: pagePath,
      allowsDeveloperTools: !app.isPackaged,
    });
    reviveWindow(window, log);
    this.#window = window;
  }
}
