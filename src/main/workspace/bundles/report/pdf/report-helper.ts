import { fork } from 'node:child_process';
import { type EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WrittenPdf } from './write-report-pdf.ts';

export interface ReportTask {
  /** The file of the page: sent as text, it would lie in memory on both sides. */
  readonly page: string;
  readonly madeAt: string;
  readonly target: string;
}

export type ReportAnswer =
  | ({ readonly kind: 'written' } & WrittenPdf)
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string };

interface Helper {
  /** Emits `message` with each answer, and `exit`. */
  readonly events: EventEmitter;
  send(task: ReportTask): void;
  stop(): Promise<void>;
}

/**
 * Writes one report after the other as a PDF, beside the workspace: in a process of its own, whose memory goes back to
 * the system with it, or under Electron, which runs no scripts as Node, in a thread.
 */
export class ReportHelper {
  readonly #helper: Helper;

  constructor() {
    // In a bundle its file is another entry, beside this one.
    const isBundled = !import.meta.url.endsWith('.ts');
    const file = new URL(isBundled ? './report-worker.js' : './report-worker.ts', import.meta.url);
    this.#helper = 'electron' in process.versions ? startThread(file) : startProcess(file);
  }

  /**
   * @throws an error with the system's code where a file cannot be read or written, and one named AbortError once the signal
   * says so.
   */
  async write(task: ReportTask, signal?: AbortSignal): Promise<WrittenPdf> {
    const { events } = this.#helper;
    const stop = new AbortController();
    const ended = once(events, 'exit', { signal: stop.signal }).then(() => {
      throw new Error('the helper for reports ended without an answer');
    });
    ended.catch(() => {});
    const answered = once(events, 'message', signal === undefined ? {} : { signal }) as Promise<
      [ReportAnswer]
    >;
    this.#helper.send(task);
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
    await this.#helper.stop();
  }
}

/** What lives is small at any length; with room for what does not, it would be let lie there by tens of megabytes. */
const limits = { youngMb: 1, oldMb: 512 } as const;

function startThread(file: URL): Helper {
  const worker = new Worker(file, {
    resourceLimits: {
      maxYoungGenerationSizeMb: limits.youngMb,
      maxOldGenerationSizeMb: limits.oldMb,
    },
  });
  return {
    events: worker,
    send: (task) => worker.postMessage(task),
    stop: async () => {
      await worker.terminate();
    },
  };
}

function startProcess(file: URL): Helper {
  const child = fork(fileURLToPath(file), [], {
    execArgv: [`--max-semi-space-size=${limits.youngMb}`, `--max-old-space-size=${limits.oldMb}`],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    events: child,
    send: (task) => child.send(task),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
