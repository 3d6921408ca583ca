import { Socket } from 'node:net';
import { createSystemTimers } from '../ports/system-timers.ts';

/** A database that is there answers a goodbye at once. */
const goodbyeMs = 2000;

/**
 * The lines of one pool, or of one connection, so that those can be cut which end no other way: of a host that vanished the
 * system tells only after a quarter of an hour, and keeps the process for as long.
 */
export class PostgresLines {
  readonly #open = new Set<Socket>();

  /** Makes a line; for the driver's options. */
  readonly stream = (): Socket => {
    const socket = new Socket();
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  };

  /**
   * Settles when no line is open any more, and never fails.
   * @param sayGoodbye asks all of them to end.
   */
  async end(sayGoodbye: () => Promise<unknown>): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancelDeadline = createSystemTimers().after(goodbyeMs, () => {
      for (const socket of this.#open) socket.destroy();
      resolve();
    });
    const goodbye = sayGoodbye().then(() => this.#waitForEnd());
    await Promise.race([goodbye, late]).catch(() => undefined);
    cancelDeadline();
  }

  async #waitForEnd(): Promise<void> {
    await Promise.all(
      [...this.#open].map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
  }
}
