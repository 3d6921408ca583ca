export type NoteState = 'saved' | 'unsaved' | 'failed';

export interface DraftNoteWriterPorts {
  /** Stores the text in the workspace; rejects when it could not. */
  readonly send: (text: string) => Promise<void>;
  /** Keeps the text in this window until the workspace has it; undefined: it has it. */
  readonly keep: (text: string | undefined) => void;
  readonly setTimer: (run: () => void, delayMs: number) => () => void;
  readonly nowMs: () => number;
  readonly onState: (state: NoteState) => void;
  /** A text from elsewhere took the place of the one here. */
  readonly onAdopted: (text: string) => void;
}

export const writeDelayMs = 350;
/** Somebody who types without a pause is written along with, too. */
export const longestUnwrittenMs = 2_000;
export const retryDelayMs = 2_000;

/**
 * Saves a text as it is typed: at most one write at a time, always the newest text, and again until the
 * workspace has taken it.
 */
export class DraftNoteWriter {
  readonly #ports: DraftNoteWriterPorts;
  #text: string;
  #savedText: string;
  #unwrittenSinceMs: number | undefined;
  #cancelTimer: (() => void) | undefined;
  #sending: Promise<void> | undefined;

  constructor(savedText: string, ports: DraftNoteWriterPorts) {
    this.#ports = ports;
    this.#text = savedText;
    this.#savedText = savedText;
  }

  /** What was typed last. */
  get text(): string {
    return this.#text;
  }

  get isSaved(): boolean {
    return this.#text === this.#savedText && this.#sending === undefined;
  }

  type(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#ports.keep(text);
    this.#ports.onState('unsaved');
    const nowMs = this.#ports.nowMs();
    this.#unwrittenSinceMs ??= nowMs;
    const leftMs = this.#unwrittenSinceMs + longestUnwrittenMs - nowMs;
    this.#writeAfter(Math.max(0, Math.min(writeDelayMs, leftMs)));
  }

  /** A text kept by a window that could not save it any more. Written with the next flush. */
  restore(text: string): void {
    this.#text = text;
  }

  /** Resolves when the newest text is stored, or one attempt at it has failed. */
  async flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    while (this.#sending !== undefined) await this.#sending;
    if (this.#text === this.#savedText) return;
    this.#unwrittenSinceMs = undefined;
    this.#sending = this.#sendOnce(this.#text);
    await this.#sending;
  }

  /** A text that came from elsewhere: another device, another window. Typed text is never given up for it. */
  adopt(text: string): void {
    if (!this.isSaved || text === this.#text) return;
    this.#text = text;
    this.#savedText = text;
    this.#ports.onAdopted(text);
  }

  async #sendOnce(text: string): Promise<void> {
    try {
      await this.#ports.send(text);
      this.#savedText = text;
      this.#sending = undefined;
      if (this.#text === text) {
        this.#ports.keep(undefined);
        this.#ports.onState('saved');
      } else this.#writeAfter(writeDelayMs);
    } catch {
      this.#sending = undefined;
      this.#ports.onState('failed');
      this.#writeAfter(retryDelayMs);
    }
  }

  #writeAfter(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#ports.setTimer(() => {
      this.#cancelTimer = undefined;
      void this.flush();
    }, delayMs);
  }
}
