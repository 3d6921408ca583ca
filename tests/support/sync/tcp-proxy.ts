import { createServer, type AddressInfo, connect, type Socket } from 'node:net';

/** Of the bytes: from the workspace to the server, or back. */
export type Direction = 'request' | 'response';

/** How the line is, until it is set otherwise. */
export interface LineState {
  /** Nobody answers: new connections are reset, and so are those that are open. */
  readonly isDown: boolean;
  /** Each piece is held back for so long; order is kept. */
  readonly delayMs: number;
  readonly bytesPerSecond: number;
  /** What goes this way does not arrive until that ends; then it does, as TCP sends again what was lost. */
  readonly blackHole: Direction | undefined;
  /** Every request is answered with a page in HTML by somebody in between. */
  readonly hasCaptivePortal: boolean;
}

interface OneOff {
  /** Only for requests whose first line contains this. */
  readonly at?: string;
}

/** What happens once, to the next request that it fits. */
export type Accident =
  /** The connection is reset after so many bytes of the request, or of its answer, have gone through. */
  | (OneOff & { readonly kind: 'cut'; readonly direction: Direction; readonly afterBytes: number })
  /** The request goes through whole, and its answer is lost. */
  | (OneOff & { readonly kind: 'swallow' })
  /** The same bytes go to the server over a second connection as well; what that answers is dropped. */
  | (OneOff & { readonly kind: 'duplicate' })
  /** Calls `action` once so many bytes have passed; they go no further. For a kill at a chosen moment. */
  | (OneOff & {
      readonly kind: 'moment';
      readonly direction: Direction;
      readonly afterBytes: number;
      action(): void;
    });

export interface TcpProxy {
  readonly port: number;
  readonly url: string;
  readonly state: LineState;
  /** First lines of the requests, oldest first. */
  readonly requests: readonly string[];
  /** The accidents that have not happened yet. */
  readonly accidents: readonly Accident[];
  change(state: Partial<LineState>): void;
  arrange(accident: Accident): void;
  /** Takes back an accident that has not begun. */
  cancel(accident: Accident): void;
  /** No fault any more, and no accident. */
  heal(): void;
  /** The server has come up again at another port. */
  moveTo(port: number): void;
  /** Resets every connection. */
  resetAll(): void;
  close(): Promise<void>;
}

const soundState: LineState = {
  isDown: false,
  delayMs: 0,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  blackHole: undefined,
  hasCaptivePortal: false,
};

const portalPage =
  '<!doctype html><title>Welcome</title><p>Accept the terms to use this network.</p>';
const portalAnswer = `HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(portalPage)}\r\nconnection: close\r\n\r\n${portalPage}`;

/** A line between workspaces and a server, below HTTP: it sees bytes, and only peeks at a request's first line. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const lines = new Set<Line>();
  const hub: Hub = {
    targetPort,
    state: soundState,
    requests: [],
    accidents: [],
    changed: Promise.withResolvers<void>(),
  };
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    if (hub.state.isDown) {
      reset(client);
      return;
    }
    const line = new Line(hub, client);
    lines.add(line);
    client.once('close', () => lines.delete(line));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const resetAll = (): void => {
    for (const line of lines) line.reset();
  };
  const change = (state: Partial<LineState>): void => {
    hub.state = { ...hub.state, ...state };
    if (hub.state.isDown) resetAll();
    hub.changed.resolve();
    hub.changed = Promise.withResolvers<void>();
  };
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests: hub.requests,
    get state() {
      return hub.state;
    },
    get accidents() {
      return hub.accidents;
    },
    change,
    arrange: (accident) => void hub.accidents.push(accident),
    cancel(accident) {
      const index = hub.accidents.indexOf(accident);
      if (index >= 0) hub.accidents.splice(index, 1);
    },
    heal() {
      hub.accidents.length = 0;
      change(soundState);
    },
    moveTo: (moved) => void (hub.targetPort = moved),
    resetAll,
    async close() {
      resetAll();
      change(soundState);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Hub {
  targetPort: number;
  state: LineState;
  readonly requests: string[];
  readonly accidents: Accident[];
  changed: PromiseWithResolvers<void>;
}

/** A socket that is ending already cannot be reset (libuv refuses), and would never be closed. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** One connection of a workspace, and its other half to the server. */
class Line {
  readonly #hub: Hub;
  readonly #client: Socket;
  readonly #server: Socket;
  /** Since the last request began. */
  readonly #passedBytes: Record<Direction, number> = { request: 0, response: 0 };
  #accident: Accident | undefined;
  #twin: Socket | undefined;
  #isBetweenRequests = true;
  readonly #clientClosed: Promise<void>;

  constructor(hub: Hub, client: Socket) {
    this.#hub = hub;
    this.#client = client;
    this.#clientClosed = new Promise((resolve) => client.once('close', () => resolve()));
    this.#server = connect(hub.targetPort, '127.0.0.1');
    this.#server.on('error', () => this.reset());
    client.setNoDelay(true);
    this.#server.setNoDelay(true);
    this.#pump('request', client, this.#server);
    this.#pump('response', this.#server, client);
    client.once('close', () => {
      this.#server.destroy();
      this.#twin?.end();
    });
  }

  reset(): void {
    reset(this.#client);
    reset(this.#server);
    this.#twin?.destroy();
  }

  #pump(direction: Direction, from: Socket, to: Socket): void {
    let passing: Promise<void> = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      from.pause();
      passing = this.#pass(direction, chunk, to).then(() => void from.resume());
    });
    from.on('close', () => void passing.then(() => to.destroySoon()));
  }

  async #pass(direction: Direction, chunk: Buffer, to: Socket): Promise<void> {
    await this.#linger(direction, chunk);
    if (this.#client.destroyed) return;
    if (direction === 'request' && this.#isBetweenRequests && !this.#beginRequest(chunk)) return;
    if (direction === 'response') this.#isBetweenRequests = true;
    else this.#twin?.write(chunk);
    const allowed = this.#allow(direction, chunk);
    if (allowed === undefined) return;
    await new Promise<void>((resolve) => {
      if (to.destroyed || allowed.length === 0) resolve();
      else to.write(allowed, () => resolve());
    });
    if (allowed.length < chunk.length) this.#end();
  }

  async #linger(direction: Direction, chunk: Buffer): Promise<void> {
    while (this.#hub.state.blackHole === direction && !this.#client.destroyed)
      await Promise.race([this.#hub.changed.promise, this.#clientClosed]);
    const { delayMs, bytesPerSecond } = this.#hub.state;
    const durationMs = delayMs + (chunk.length / bytesPerSecond) * 1000;
    if (durationMs > 0) await new Promise((resolve) => setTimeout(resolve, durationMs));
  }

  /** @returns whether the request goes on its way. */
  #beginRequest(chunk: Buffer): boolean {
    this.#isBetweenRequests = false;
    this.#twin?.end();
    this.#twin = undefined;
    const firstLine = chunk.toString('latin1').split('\r\n', 1)[0] ?? '';
    this.#hub.requests.push(firstLine);
    if (this.#hub.state.hasCaptivePortal) {
      this.#client.end(portalAnswer);
      this.#server.destroy();
      return false;
    }
    this.#passedBytes.request = 0;
    this.#passedBytes.response = 0;
    const { accidents } = this.#hub;
    const index = accidents.findIndex(({ at }) => at === undefined || firstLine.includes(at));
    this.#accident = index < 0 ? undefined : accidents.splice(index, 1)[0];
    if (this.#accident?.kind === 'duplicate') {
      const twin = connect(this.#hub.targetPort, '127.0.0.1');
      twin.on('error', () => twin.destroy());
      twin.resume();
      this.#twin = twin;
    }
    return true;
  }

  /** What of the piece goes through; undefined where it is lost, and the connection with it. */
  #allow(direction: Direction, chunk: Buffer): Buffer | undefined {
    const accident = this.#accident;
    const before = this.#passedBytes[direction];
    this.#passedBytes[direction] += chunk.length;
    if (accident?.kind === 'swallow' && direction === 'response') {
      this.#end();
      return undefined;
    }
    if (
      (accident?.kind === 'cut' || accident?.kind === 'moment') &&
      accident.direction === direction &&
      this.#passedBytes[direction] > accident.afterBytes
    )
      return chunk.subarray(0, accident.afterBytes - before);
    return chunk;
  }

  /** The accident has come to its point. */
  #end(): void {
    const accident = this.#accident;
    this.#accident = undefined;
    if (accident?.kind === 'moment') accident.action();
    // What was let through has to arrive before the connection goes; a reset would throw it away.
    this.#client.destroySoon();
    this.#server.destroySoon();
  }
}
