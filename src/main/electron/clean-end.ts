import { app, powerMonitor } from 'electron';
import type { HostLog } from '../hosting/host-log.ts';

/** What is not closed by then ends with the process: all that was shown as saved is on the disk already. */
const patienceMs = 20_000;

export interface CleanEndOptions {
  /** Before anything is closed. */
  readonly prepare: () => Promise<void>;
  /** Called once. */
  readonly close: () => Promise<void>;
  readonly log: HostLog;
}

/** However the program is asked to end, its engine ends first, and a system that shuts down waits for that. */
export function endCleanly({ prepare, close, log }: CleanEndOptions): void {
  let ending: Promise<void> | undefined;
  let isClosed = false;
  const closeAndQuit = async () => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('it took too long')), patienceMs);
    });
    const closed = prepare().then(close);
    await Promise.race([closed, patience]).catch((error: unknown) =>
      log.error('Stint did not close cleanly', error),
    );
    clearTimeout(timer);
    isClosed = true;
    app.quit();
  };
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    ending ??= closeAndQuit();
  });
  // Electron gives the event, though its types say nothing of it.
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    app.quit();
  });
}
