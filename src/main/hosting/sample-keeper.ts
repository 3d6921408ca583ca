import type { SampleAccess } from '../workspace/engine/host-capabilities.ts';

export type RunningSample = SampleAccess & { close(): Promise<void> };

/** Starts the sample server once, however often it is asked for, and ends it with the host. */
export class SampleKeeper {
  readonly #start: (folder: string) => Promise<RunningSample>;
  #running: Promise<RunningSample> | undefined;

  constructor(start: (folder: string) => Promise<RunningSample>) {
    this.#start = start;
  }

  async obtain(folder: string): Promise<SampleAccess> {
    this.#running ??= this.#start(folder);
    try {
      const { serverUrl, employer, intern } = await this.#running;
      return { serverUrl, employer, intern };
    } catch (error) {
      // The next attempt begins anew.
      this.#running = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    // One that failed to start has nothing to close, and has told why.
    await running?.then(
      (sample) => sample.close(),
      () => undefined,
    );
  }
}
