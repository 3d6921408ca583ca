import { EventSourceParserStream } from 'eventsource-parser/stream';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import { type Poke, pokeSchema } from '../../../shared/protocol/poke.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import { computeBackoffMs } from './backoff.ts';
import type { ServerClient } from './server-client.ts';

/** The server sends a comment every 25 s; a line that is silent for longer than this is dead. */
const silenceLimitMs = 70_000;
/** A poke is a line of a hundred; one that never ends is not silent, and would be kept for as long as the program runs. */
const longestEventCharacters = 64 * 1024;

/**
 * SY-13: listens to one account's pokes, and connects again when the line breaks. A connection that opens is
 * itself a reason to synchronise: something may have been missed. One that breaks is too: the attempt tells
 * whether the server is still there, so that the sync state says so at once.
 */
export class PokeListener {
  readonly #ports: WorkspacePorts;
  readonly #findClient: () => Promise<ServerClient | undefined>;
  readonly #onPoke: (poke: Poke) => void;
  readonly #onLineChanged: () => void;
  #abort = new AbortController();
  #cancelTimer: () => void = () => {};
  #failures = 0;
  #isStopped = false;
  #isListening = false;

  constructor(
    ports: WorkspacePorts,
    findClient: () => Promise<ServerClient | undefined>,
    onPoke: (poke: Poke) => void,
    onLineChanged: () => void,
  ) {
    this.#ports = ports;
    this.#findClient = findClient;
    this.#onPoke = onPoke;
    this.#onLineChanged = onLineChanged;
  }

  /** Connects unless it is connected or connecting. */
  start(): void {
    if (this.#isStopped || this.#isListening) return;
    this.#cancelTimer();
    this.#isListening = true;
    this.#abort = new AbortController();
    void this.#listen(this.#abort).finally(() => {
      this.#isListening = false;
      if (this.#isStopped) return;
      this.#failures += 1;
      this.#cancelTimer = this.#ports.timers.after(
        computeBackoffMs(this.#failures, this.#ports.randomness),
        () => this.start(),
      );
    });
  }

  async #listen(abort: AbortController): Promise<void> {
    let cancelSilence: () => void = () => {};
    let wasOpen = false;
    const heard = () => {
      cancelSilence();
      cancelSilence = this.#ports.timers.after(silenceLimitMs, () => abort.abort());
    };
    try {
      const client = await this.#findClient();
      if (client === undefined) return;
      heard();
      const response = await client.open('GET', endpoints.pokes, {
        headers: { accept: 'text/event-stream' },
        signal: abort.signal,
      });
      this.#failures = 0;
      wasOpen = true;
      this.#onLineChanged();
      if (response.body === null) return;
      const events = response.body
        .pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform: (chunk, controller) => {
              heard();
              controller.enqueue(chunk);
            },
          }),
        )
        .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
        .pipeThrough(new EventSourceParserStream({ maxBufferSize: longestEventCharacters }));
      for await (const event of events) {
        if (event.event !== 'poke') continue;
        const poke = pokeSchema.safeParse(parseJson(event.data));
        if (poke.success) this.#onPoke(poke.data);
      }
    } catch {
      // The line broke, or never was: the loop of each seat says so to the person; here it is tried again.
    } finally {
      cancelSilence();
      if (wasOpen && !this.#isStopped) this.#onLineChanged();
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
    this.#abort.abort();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
