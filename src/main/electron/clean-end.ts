import { app, powerMonitor } from 'electron';
import type { HostLog } from '../hosting/host-log.ts';
import { startAgain } from './start-again.ts';

/** What is not closed by then ends with the process: all that was shown as saved is on the disk already. */
const patienceMs = 20_000;

export interface CleanEndOptions {
  /** Before anything is closed. */
  readonly prepare: () => Promise<void>;
  /** Called once. */
  readonly close: () => Promise<void>;
  readonly log: HostLog;
}

/**
 * However the program is asked to end, its engine ends first, and a system that shuts down waits for that. Somebody who
 * starts it meanwhile gets it when it has ended: what ends has the workspace still, and shows nothing any more.
 *
 * @returns whether it is ending
 */
export function endCleanly({ prepare, close, log }: CleanEndOptions): () => boolean {
  let ending: Promise<void> | undefined;
  let isClosed = false;
  let nextArgs: readonly string[] | undefined;
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
    if (nextArgs !== undefined) startAgain(nextArgs);
    app.quit();
  };
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    ending ??= closeAndQuit();
  });
  app.on('second-instance', (_event, args) => {
    if (ending !== undefined) nextArgs = args.slice(1);
  });
  // Electron gives the event, though its types say nothing of it.
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    app.quit();
  });
  return () => ending !== undefined;
}
