import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WrittenPdf } from './write-report-pdf.ts';

export interface ReportTask {
  readonly page: string;
  readonly madeAt: string;
  readonly target: string;
}

export type ReportAnswer =
  | ({ readonly kind: 'written' } & WrittenPdf)
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string };

/** A thread that writes one report after the other as a PDF. */
export class ReportThread {
  readonly #worker: Worker;

  constructor() {
    // In a bundle the thread's file is another entry, beside this one.
    const isBundled = !import.meta.url.endsWith('.ts');
    const name = isBundled ? './report-worker.js' : './report-worker.ts';
    this.#worker = new Worker(new URL(name, import.meta.url), {
      // What lives is small at any length; with room for what does not, it would be let lie there by tens of megabytes.
      resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 512 },
    });
  }

  /**
   * @throws an error with the system's code where `target` cannot be written, and one named AbortError once the signal
   * says so.
   */
  async write(task: ReportTask, signal?: AbortSignal): Promise<WrittenPdf> {
    const stop = new AbortController();
    const ended = once(this.#worker, 'exit', { signal: stop.signal }).then(() => {
      throw new Error('the thread for reports ended without an answer');
    });
    ended.catch(() => {});
    const answered = once(
      this.#worker,
      'message',
      signal === undefined ? {} : { signal },
    ) as Promise<[ReportAnswer]>;
    this.#worker.postMessage(task);
    try {
      const [answer] = await Promise.race([answered, ended]);
      if (answer.kind === 'written') {
        const { sizeBytes, sha256 } = answer;
        return { sizeBytes, sha256 };
      }
      const { code, message } = answer;
      throw Object.assign(new Error(message), { code });
    } finally {
      stop.abort();
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
