import type { z } from 'zod';
import type { pauseReasonSchema } from '../../../shared/contract/file-requests.ts';
import type { Settings } from '../../../shared/contract/setup-requests.ts';
import type { Clock, Timers } from '../../../shared/ports.ts';
import { RateBucket } from './rate-bucket.ts';

export type PauseReason = z.infer<typeof pauseReasonSchema>;

export type TransferSettings = Pick<
  Settings,
  'uploadBytesPerSecond' | 'downloadBytesPerSecond' | 'pauseOnMetered' | 'keepsDueOffline'
>;

/** What a person wants of all that moves: how fast, on which connections, and whether at all just now. */
export class TransferControl {
  readonly up: RateBucket;
  readonly down: RateBucket;
  readonly #listeners = new Set<() => void>();
  #pauseOnMetered: Settings['pauseOnMetered'] = 'auto';
  #keepsDueOffline = true;
  #isPausedByPerson = false;
  #isMetered = false;
  /** A person let it go on over this connection, whatever it costs. */
  #isLetThrough = false;

  constructor(ports: { readonly clock: Clock; readonly timers: Timers }) {
    this.up = new RateBucket(ports);
    this.down = new RateBucket(ports);
  }

  get pausedBecause(): PauseReason | null {
    if (this.#isPausedByPerson) return 'person';
    if (this.#isLetThrough || this.#pauseOnMetered === 'never') return null;
    return this.#pauseOnMetered === 'always' || this.#isMetered ? 'metered' : null;
  }

  get isPaused(): boolean {
    return this.pausedBecause !== null;
  }

  get isMetered(): boolean {
    return this.#isMetered;
  }

  get keepsDueOffline(): boolean {
    return this.#keepsDueOffline;
  }

  applySettings(settings: TransferSettings): void {
    this.up.setLimit(settings.uploadBytesPerSecond);
    this.down.setLimit(settings.downloadBytesPerSecond);
    // Another choice is a new one: what a person let through before was under the old.
    if (settings.pauseOnMetered !== this.#pauseOnMetered) this.#isLetThrough = false;
    this.#pauseOnMetered = settings.pauseOnMetered;
    this.#keepsDueOffline = settings.keepsDueOffline;
    this.#tell();
  }

  pause(): void {
    this.#isPausedByPerson = true;
    this.#isLetThrough = false;
    this.#tell();
  }

  resume(): void {
    this.#isPausedByPerson = false;
    this.#isLetThrough = true;
    this.#tell();
  }

  /** What the system says of the connection. Another one than before asks the person anew. */
  reportConnection(isMetered: boolean): void {
    if (isMetered === this.#isMetered) return;
    this.#isMetered = isMetered;
    this.#isLetThrough = false;
    this.#tell();
  }

  /** Called after every change. Returns a function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
