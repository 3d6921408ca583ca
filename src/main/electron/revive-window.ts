import { type BrowserWindow, dialog } from 'electron';
import type { HostLog } from '../hosting/host-log.ts';

/** A page that ends again so soon would only end once more. */
const soonMs = 60_000;

/** Loads the page anew when its process has ended, for want of memory for instance: the window would stay blank. */
export function reviveWindow(
  window: BrowserWindow,
  log: HostLog,
  readNowMs: () => number = () => performance.now(),
): void {
  let lastMs = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    log.error(`the window's process ended: ${reason}`);
    const isAgain = readNowMs() - lastMs < soonMs;
    lastMs = readNowMs();
    if (!isAgain) {
      window.webContents.reload();
      return;
    }
    dialog.showErrorBox(
      'The window of Stint has failed',
      'Close it and start Stint again. What was shown as saved is kept, and a timer that runs goes on.',
    );
  });
}
