import { createHash } from 'node:crypto';
import type { VirtualTime } from '../core/virtual-time.ts';
import { createRandom, type SeededRandom } from '../core/seeded-random.ts';
import type { Link } from './link.ts';

/** A request as it travels: everything that the server will see of it. */
export interface TravellingRequest {
  readonly who: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

export interface TravellingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What the server says as long as a stream is open. */
export interface AnswerStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Called once; from then on the chunks come, those said before first. */
  listen(onChunk: (chunk: Uint8Array) => void, onEnd: () => void): void;
  close(): void;
}

export interface Destination {
  /** @returns undefined where nobody answers (the server is down). `onStream` instead of an answer for a stream. */
  handle(
    request: TravellingRequest,
    onAnswer: (answer: TravellingAnswer | AnswerStream) => void,
    onBroken: () => void,
  ): void;
}

export interface NetworkOptions {
  readonly seed: string;
  readonly time: VirtualTime;
  readonly destination: Destination;
  readonly trace: (line: string) => void;
  /** Sees every answer that reaches a device. */
  readonly onDelivered: (request: TravellingRequest, answer: TravellingAnswer) => void;
  /** What an old client sends instead, and what else is changed on the way. */
  readonly rewrite: (request: TravellingRequest) => TravellingRequest;
}

interface Pending {
  readonly who: string;
  readonly fail: (reason: string) => void;
}

const portal = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: new TextEncoder().encode(
    '<html><body>Welcome to the train. Sign in to go online.</body></html>',
  ),
};

/**
 * Carries requests from devices to the server, and answers back, each leg on its own: held, delayed, lost,
 * doubled, overtaken by others. What becomes of a request is decided by the seed, by who sends it and by how
 * many like it came before, never by the order in which requests of one moment happen to come in.
 */
export class SimulatedNetwork {
  readonly #options: NetworkOptions;
  readonly #ordinals = new Map<string, number>();
  readonly #pending = new Set<Pending>();
  readonly #streams = new Map<string, (chunk: Uint8Array) => void>();
  readonly links = new Map<string, Link>();

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** Requests that a device waits for, without its stream of pokes. */
  countPending(): number {
    return this.#pending.size;
  }

  /** The `fetch` of one running program; `isAlive` is false once that was killed. */
  createFetch(who: string, isAlive: () => boolean): typeof globalThis.fetch {
    return (async (input: string | URL, init: RequestInit = {}) => {
      if (!isAlive()) return new Promise<Response>(() => {});
      return this.#exchange(who, new URL(input), init, isAlive);
    }) as typeof globalThis.fetch;
  }

  /** Says on a device's open stream what the server never said. */
  poke(who: string, text: string): void {
    this.#streams.get(who)?.(new TextEncoder().encode(text));
  }

  /** Breaks what is under way for a device, as where a line is cut. */
  cut(who: string, reason: string): void {
    const found = [...this.#pending].filter((pending) => pending.who === who);
    for (const [index, pending] of found.entries())
      this.#options.time.schedule(1 + index, `cut ${who}`, () => pending.fail(reason));
  }

  #exchange(who: string, url: URL, init: RequestInit, isAlive: () => boolean): Promise<Response> {
    const { trace } = this.#options;
    const request = this.#options.rewrite({
      who,
      method: init.method ?? 'GET',
      path: `${url.pathname}${url.search}`,
      headers: Object.fromEntries(new Headers(init.headers)),
      body: encodeBody(init.body),
    });
    const random = this.#createRandom(request);
    const link = this.links.get(who);
    const label = `${who} ${request.method} ${shorten(request.path)}`;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    let isOver = false;
    const pending: Pending = {
      who,
      fail: (reason) => {
        if (isOver || !isAlive()) return;
        isOver = true;
        this.#pending.delete(pending);
        trace(`${label} failed: ${reason}`);
        reject(networkError(reason));
      },
    };
    this.#pending.add(pending);
    const { signal } = init;
    const abort = () => {
      if (isOver) return;
      isOver = true;
      this.#pending.delete(pending);
      reject(signal?.reason as Error);
    };
    if (signal?.aborted === true) {
      abort();
      return promise;
    }
    signal?.addEventListener('abort', abort, { once: true });
    const succeed = (answer: TravellingAnswer | AnswerStream) => {
      if (isOver || !isAlive()) {
        if ('listen' in answer) answer.close();
        return;
      }
      signal?.removeEventListener('abort', abort);
      if ('listen' in answer) {
        isOver = true;
        this.#pending.delete(pending);
        resolve(this.#openStream(who, answer, random, signal ?? undefined, isAlive));
        return;
      }
      isOver = true;
      this.#pending.delete(pending);
      trace(`${label} answered ${describeAnswer(answer)}`);
      this.#options.onDelivered(request, answer);
      const hasBody = answer.status !== 204 && answer.status !== 304 && request.method !== 'HEAD';
      resolve(
        new Response(hasBody ? (answer.body as Uint8Array<ArrayBuffer>) : null, {
          status: answer.status,
          headers: answer.headers,
        }),
      );
    };
    this.#send(request, random, link, label, pending, succeed);
    return promise;
  }

  #send(
    request: TravellingRequest,
    random: SeededRandom,
    link: Link | undefined,
    label: string,
    pending: Pending,
    succeed: (answer: TravellingAnswer | AnswerStream) => void,
  ): void {
    const { time, destination, trace } = this.#options;
    // Drawn all at once, so that what one leg meets does not shift what the next one meets.
    const draws = Array.from({ length: 6 }, () => random.fraction());
    const [
      thereDraw = 0,
      backDraw = 0,
      lossDraw = 0,
      returnDraw = 0,
      doubleDraw = 0,
      hangDraw = 0,
    ] = draws;
    const thereMs = link?.computeDelayMs(thereDraw) ?? 5;
    const lose = (what: string) => {
      trace(`${label} ${what} lost`);
      // A line that swallows says nothing; the program's own time limit ends the wait.
      if (hangDraw < 0.5) time.schedule(thereMs, `loss ${label}`, () => pending.fail('ECONNRESET'));
    };
    if (link?.isDown() === true) {
      time.schedule(1, `down ${label}`, () => pending.fail('ENETUNREACH'));
      return;
    }
    if (link?.isPortal() === true) {
      time.schedule(thereMs, `portal ${label}`, () => succeed(portal));
      return;
    }
    if (link?.losesRequest(lossDraw) === true) {
      lose('request');
      return;
    }
    time.schedule(thereMs, `there ${label}`, () =>
      destination.handle(
        request,
        (answer) => {
          if (link?.losesAnswer(returnDraw) === true) {
            if ('listen' in answer) answer.close();
            lose('answer');
            return;
          }
          time.schedule(link?.computeDelayMs(backDraw) ?? 5, `back ${label}`, () =>
            succeed(answer),
          );
        },
        () => pending.fail('ECONNREFUSED'),
      ),
    );
    const mayDouble = request.method === 'POST' && !request.path.startsWith('/api/v1/session');
    if (mayDouble && link?.doubles(doubleDraw) === true)
      time.schedule(thereMs + (Math.round(doubleDraw * 1e6) % 90_000), `double ${label}`, () => {
        trace(`${label} delivered once more`);
        destination.handle(
          request,
          (answer) => ('listen' in answer ? answer.close() : undefined),
          () => {},
        );
      });
  }

  /** Decisions hang on who, what, and how many like it came before. */
  #createRandom({ who, method, path, headers, body }: TravellingRequest): SeededRandom {
    const content = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    // Signatures and tokens are the same in every run only as far as their length goes.
    const kind = path.endsWith('/push') || path.endsWith('/pull') ? '' : content;
    const key = [who, method, path, headers['upload-metadata'] ?? '', kind].join(' ');
    const ordinal = (this.#ordinals.get(key) ?? 0) + 1;
    this.#ordinals.set(key, ordinal);
    return createRandom(this.#options.seed, 'request', key, ordinal);
  }

  #openStream(
    who: string,
    stream: AnswerStream,
    random: SeededRandom,
    signal: AbortSignal | undefined,
    isAlive: () => boolean,
  ): Response {
    const { time, trace } = this.#options;
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    let isOver = false;
    const end = (error?: Error) => {
      if (isOver) return;
      isOver = true;
      this.#pending.delete(pending);
      stream.close();
      if (isAlive())
        void (error === undefined ? writer.close() : writer.abort(error)).catch(() => {});
    };
    const pending: Pending = { who, fail: (reason) => end(networkError(reason)) };
    this.#pending.add(pending);
    this.#streams.set(who, (chunk) => {
      if (!isOver && isAlive()) void writer.write(chunk).catch(() => {});
    });
    signal?.addEventListener('abort', () => end(signal.reason as Error), { once: true });
    stream.listen(
      (chunk) => {
        const link = this.links.get(who);
        const delayMs = link?.computeDelayMs(random.fraction()) ?? 5;
        if (link?.losesPoke(random.fraction()) === true) {
          trace(`${who} poke lost`);
          return;
        }
        time.schedule(delayMs, `poke ${who}`, () => {
          if (!isOver && isAlive()) void writer.write(chunk).catch(() => {});
        });
      },
      () => time.schedule(5, `stream end ${who}`, () => end()),
    );
    return new Response(readable, { status: stream.status, headers: stream.headers });
  }
}

function networkError(code: string): Error {
  return Object.assign(new TypeError('fetch failed'), { cause: { code } });
}

function encodeBody(body: RequestInit['body']): Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError('the simulated network carries text and bytes');
}

/** Ids say nothing to who reads a trace, but for their ends. */
function shorten(path: string): string {
  return path
    .replace('/api/v1/', '')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{23}([0-9a-f]{4})/g, '…$1')
    .replace(/[0-9a-f]{60}([0-9a-f]{4})/g, '…$1');
}

function describeAnswer({ status, headers, body }: TravellingAnswer): string {
  if (headers['content-type']?.includes('json') !== true || body.byteLength === 0)
    return `${status}, ${body.byteLength} bytes`;
  const parsed = JSON.parse(new TextDecoder().decode(body)) as {
    head?: { seq: number };
    rows?: unknown[];
    complete?: boolean;
    restart?: unknown;
    results?: { status: string; code: string | null }[];
    error?: { code: string };
  };
  const parts = [
    parsed.error?.code,
    parsed.head === undefined ? undefined : `head ${parsed.head.seq}`,
    parsed.rows === undefined ? undefined : `${parsed.rows.length} rows`,
    parsed.complete === false ? 'more follows' : undefined,
    (parsed.restart ?? null) === null ? undefined : 'restart',
    parsed.results?.map((result) => result.code ?? result.status).join(' '),
  ];
  return [status, ...parts.filter((part) => part !== undefined)].join(', ');
}
