import { BrowserWindow, screen } from 'electron';
import { appOrigin } from './app-origin.ts';
import { findWindowBounds, fitOnScreen, saveWindowBounds } from './window-bounds.ts';

export interface WindowOptions {
  readonly preloadFile: string;
  readonly iconFile: string;
  /** Where the window's place is remembered. */
  readonly boundsFile: string;
  /** Address inside the interface, such as `/join`. */
  readonly path: string;
  readonly allowsDeveloperTools: boolean;
}

/** The only place that makes a window, and so the only one that can make one unsafe. */
export function createWindow(options: WindowOptions): BrowserWindow {
  const known = findWindowBounds(options.boundsFile);
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
  const place = known === undefined ? undefined : fitOnScreen(known, screens);
  const window = new BrowserWindow({
    ...(place ?? { width: 1280, height: 820 }),
    minWidth: 480,
    minHeight: 480,
    title: 'Stint',
    icon: options.iconFile,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Its dictionaries would be fetched from a server of Google's.
      spellcheck: false,
      devTools: options.allowsDeveloperTools,
    },
  });
  window.once('ready-to-show', () => {
    if (known?.isMaximized === true) window.maximize();
    window.show();
  });
  window.on('close', () =>
    saveWindowBounds(options.boundsFile, {
      ...window.getNormalBounds(),
      isMaximized: window.isMaximized(),
    }),
  );
  // A failure shows in the window itself; the promise adds nothing to that.
  window.loadURL(`${appOrigin}${options.path}`).catch(() => undefined);
  return window;
}
