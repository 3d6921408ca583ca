import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type Database from 'better-sqlite3';
import { type OpenedServer, openServer } from '../../../src/server/open-server.ts';
import { computeUuidV7 } from '../../../src/server/ports/system-randomness.ts';
import { quickPasswords } from '../../support/server/quick-passwords.ts';
import { awaitWhenDraining } from '../core/drain-event-loop.ts';
import { createRandom } from '../core/seeded-random.ts';
import type { SqliteHook } from '../core/sqlite-hook.ts';
import { SimulatedMachine, type VirtualTime } from '../core/virtual-time.ts';
import type {
  AnswerStream,
  Destination,
  TravellingAnswer,
  TravellingRequest,
} from '../network/simulated-network.ts';
import { copyFolder } from './copy-folder.ts';

export interface SimulatedServerOptions {
  readonly seed: string;
  readonly time: VirtualTime;
  readonly epochMs: number;
  readonly folder: string;
  readonly hook: SqliteHook;
  readonly trace: (line: string) => void;
}

const generous = { burst: 100_000, perMinute: 100_000 };

/** The server of a simulated world: the real one, on real files, reached through no socket. */
export class SimulatedServer implements Destination {
  readonly #options: SimulatedServerOptions;
  #folder: string;
  #opened: OpenedServer | undefined;
  #machine: SimulatedMachine | undefined;
  #generation = 0;
  readonly #restored: string[] = [];
  #crashIn = 0;
  #unwatch: () => void = () => {};
  readonly #broken = new Set<() => void>();
  /** Pushes that hold this text make the server stumble, as an unexpected error in one mutation does. */
  poison: string | undefined;
  onCrash: () => void = () => {};

  constructor(options: SimulatedServerOptions) {
    this.#options = options;
    this.#folder = options.folder;
  }

  get folder(): string {
    return this.#folder;
  }

  get isUp(): boolean {
    return this.#opened !== undefined;
  }

  /** The server's own connection, for looking at what it holds. */
  get connection(): Database.Database {
    const found = this.#options.hook.findConnection(join(this.#folder, 'server.db'));
    if (found === undefined) throw new Error('the simulated server is not open');
    return found;
  }

  async open(): Promise<void> {
    const { seed, time, epochMs, hook } = this.#options;
    this.#generation += 1;
    const machine = new SimulatedMachine(time, `server-${this.#generation}`, {
      wallOffsetMs: 0,
      epochMs,
    });
    const random = createRandom(seed, 'server', this.#generation);
    this.#machine = machine;
    this.#opened = await openServer({
      dataFolder: this.#folder,
      logLevel: 'silent',
      rateLimits: { perAddress: generous, perEmail: generous },
      ports: {
        clock: machine.clock,
        timers: machine.timers,
        randomness: {
          uuid: () => computeUuidV7(machine.clock.nowMs(), random.bytes(10)),
          bytes: (count) => random.bytes(count),
          fraction: () => random.fraction(),
        },
        ...quickPasswords,
      },
    });
    await this.#opened.app.ready();
    const use = () => {
      if (this.#crashIn === 0) return;
      this.#crashIn -= 1;
      if (this.#crashIn === 0) this.crash();
    };
    machine.onUse = use;
    this.#unwatch = hook.watch(this.#folder, use);
  }

  /** Ends in the middle of whatever it does next: before the n-th statement or reading of the clock from now. */
  crashAfter(uses: number): void {
    this.#crashIn = uses;
  }

  /** Ends at once, as a SIGKILL does: what goes on is a copy of the files as they are now. */
  crash(): void {
    if (this.#opened === undefined) return;
    this.#crashIn = 0;
    const old = this.#folder;
    this.#folder = `${this.#options.folder}-${this.#generation}`;
    copyFolder(old, this.#folder);
    this.#opened = undefined;
    this.#unwatch();
    this.#machine?.end();
    this.#options.trace('the server was killed');
    this.#breakAll();
    this.onCrash();
  }

  #breakAll(): void {
    const broken = [...this.#broken];
    this.#broken.clear();
    for (const tell of broken) tell();
  }

  /** Closes what a crash left behind; only while nothing runs. */
  clearAway(): void {
    for (let generation = 0; generation < this.#generation; generation += 1) {
      const folder =
        generation === 0 ? this.#options.folder : `${this.#options.folder}-${generation}`;
      if (folder !== this.#folder) this.#options.hook.closeAll(folder);
    }
    for (const folder of this.#restored)
      if (folder !== this.#folder) this.#options.hook.closeAll(folder);
  }

  /** Ends as it should. */
  async close(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    this.#opened = undefined;
    this.#unwatch();
    await opened.close();
    this.#machine?.end();
    this.#breakAll();
  }

  backUp(to: string): void {
    copyFolder(this.#folder, to);
  }

  /** Ends the server, and puts a backup in the place of its data. */
  restore(from: string): void {
    const { onCrash } = this;
    this.onCrash = () => {};
    this.crash();
    this.onCrash = onCrash;
    this.#folder = `${this.#options.folder}-restored-${this.#generation}`;
    this.#restored.push(this.#folder);
    copyFolder(from, this.#folder);
  }

  handle(
    request: TravellingRequest,
    onAnswer: (answer: TravellingAnswer | AnswerStream) => void,
    onBroken: () => void,
  ): void {
    const opened = this.#opened;
    if (opened === undefined) {
      onBroken();
      return;
    }
    if (this.poison !== undefined && isPoisoned(request, this.poison)) {
      onAnswer(makeFault());
      return;
    }
    const generation = this.#generation;
    const isCurrent = () => generation === this.#generation && this.#opened === opened;
    this.#broken.add(onBroken);
    const answering = this.#inject(opened, request)
      .then((answer) => {
        if (isCurrent()) onAnswer(answer);
      })
      .catch(() => {
        if (isCurrent()) onBroken();
      })
      .finally(() => this.#broken.delete(onBroken));
    // Password hashes are computed in the thread pool, which can't be seen from here.
    if (request.path.endsWith('/session') || request.path.endsWith('/accounts'))
      awaitWhenDraining(answering);
  }

  async #inject(
    { app }: OpenedServer,
    { method, path, headers, body }: TravellingRequest,
  ): Promise<TravellingAnswer | AnswerStream> {
    const response = await app.inject({
      method: method as 'GET',
      url: path,
      headers: { ...headers, host: 'stint.test' },
      payloadAsStream: true,
      ...(body === undefined ? {} : { payload: Buffer.from(body) }),
    });
    const stream = response.stream();
    const answer = {
      status: response.statusCode,
      headers: computeHeaders(response.headers),
    };
    if (!String(response.headers['content-type'] ?? '').startsWith('text/event-stream'))
      return { ...answer, body: new Uint8Array(await buffer(stream)) };
    return this.#openStream(stream, answer, () => response.raw.res.destroy());
  }

  #openStream(
    stream: Readable,
    answer: { status: number; headers: Record<string, string> },
    destroy: () => void,
  ): AnswerStream {
    let finish: () => void = () => {};
    return {
      ...answer,
      listen: (onChunk, onEnd) => {
        finish = () => {
          this.#broken.delete(finish);
          onEnd();
        };
        this.#broken.add(finish);
        stream.on('data', (chunk: Buffer) => onChunk(new Uint8Array(chunk)));
        stream.once('end', () => finish());
        stream.once('error', () => finish());
      },
      close: () => {
        this.#broken.delete(finish);
        destroy();
      },
    };
  }
}

function isPoisoned({ path, body }: TravellingRequest, poison: string): boolean {
  return path.endsWith('/push') && body !== undefined && Buffer.from(body).includes(poison);
}

function makeFault(): TravellingAnswer {
  const error = { code: 'server_error', message: 'something went wrong on the server' };
  return {
    status: 500,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify({ error })),
  };
}

function computeHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const left = ['connection', 'transfer-encoding', 'date', 'content-length'];
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !left.includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
}
