import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

export interface FaultProxy {
  readonly url: string;
  /** Everything is refused as if the network were gone, until it is set back. */
  isDown: boolean;
  /** Requests whose path contains this are answered by a fault of the server, until it is set back. */
  stumblesAt: string | undefined;
  /** Pushes whose body contains this are answered by a fault of the server, until it is set back. */
  stumblesOver: string | undefined;
  /** Requests whose path contains this are never answered, until it is set back. */
  isSilentAt: string | undefined;
  /** Requests whose path ends with one of these are answered with that, and not forwarded. */
  readonly answers: Map<string, { readonly status: number; readonly body: object }>;
  /** Forwards the next request whose path contains this, and loses the answer. */
  loseNextAnswerTo: string | undefined;
  /** Answers to requests whose path contains this are kept until it is set back; the server has done what they say. */
  holdsAnswersTo: string | undefined;
  /** How many answers came from the server and were kept. */
  keptAnswers: number;
  /** Cuts the line of a request to a path that contains `path` after so many of its bytes were forwarded. */
  cut: { path: string; afterBytes: number } | undefined;
  /** Bytes of request bodies that were forwarded, by path and method. */
  readonly forwardedBytes: Map<string, number>;
  readonly requests: string[];
  close(): Promise<void>;
}

type ForwardedRequest = Readable & Pick<IncomingMessage, 'method' | 'headers' | 'socket'>;

const copyRequest = ({ method, headers, socket }: IncomingMessage) => ({ method, headers, socket });

/** A line between workspace and server that a test can break at the worst moments. */
export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  const target = new URL(targetUrl);
  const server = createServer((incoming, answer) => handle(incoming, answer));
  const proxy: { -readonly [Key in keyof FaultProxy]: FaultProxy[Key] } = {
    url: '',
    isDown: false,
    stumblesAt: undefined,
    stumblesOver: undefined,
    isSilentAt: undefined,
    answers: new Map(),
    loseNextAnswerTo: undefined,
    holdsAnswersTo: undefined,
    keptAnswers: 0,
    cut: undefined,
    forwardedBytes: new Map(),
    requests: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function handle(incoming: IncomingMessage, answer: ServerResponse): void {
    const path = incoming.url ?? '/';
    proxy.requests.push(`${incoming.method} ${path}`);
    if (proxy.isDown) {
      incoming.socket.destroy();
      return;
    }
    if (proxy.isSilentAt !== undefined && path.includes(proxy.isSilentAt)) return;
    const own = [...proxy.answers].find(([end]) => path.endsWith(end))?.[1];
    if (own !== undefined) {
      incoming.resume();
      answer.writeHead(own.status, { 'content-type': 'application/json' });
      answer.end(JSON.stringify(own.body));
      return;
    }
    if (proxy.stumblesAt !== undefined && path.includes(proxy.stumblesAt)) {
      incoming.resume();
      answerFault(answer);
      return;
    }
    if (proxy.stumblesOver === undefined || !path.endsWith('/push')) {
      forward(incoming, answer, path);
      return;
    }
    const marker = proxy.stumblesOver;
    void buffer(incoming).then((body) => {
      if (body.includes(marker)) answerFault(answer);
      else forward(Object.assign(Readable.from([body]), copyRequest(incoming)), answer, path);
    });
  }

  function answerFault(answer: ServerResponse): void {
    answer.writeHead(500, { 'content-type': 'application/json' });
    answer.end(JSON.stringify({ error: { code: 'server_error', message: 'a fault' } }));
  }

  function forward(incoming: ForwardedRequest, answer: ServerResponse, path: string): void {
    const isLost = proxy.loseNextAnswerTo !== undefined && path.includes(proxy.loseNextAnswerTo);
    if (isLost) proxy.loseNextAnswerTo = undefined;
    const cutAfter =
      proxy.cut !== undefined && incoming.method === 'PATCH' && path.includes(proxy.cut.path)
        ? proxy.cut.afterBytes
        : undefined;
    if (cutAfter !== undefined) proxy.cut = undefined;
    const outgoing = request(
      {
        host: target.hostname,
        port: target.port,
        path,
        method: incoming.method,
        headers: { ...incoming.headers, host: target.host },
      },
      (response) => {
        if (isLost) {
          response.resume();
          response.on('end', () => incoming.socket.destroy());
          return;
        }
        const headers = { ...response.headers };
        // A server names its own address in Location; through this line it has another.
        if (headers.location !== undefined)
          headers.location = headers.location.replace(target.origin, proxy.url);
        const isHeld = (): boolean =>
          proxy.holdsAnswersTo !== undefined && path.includes(proxy.holdsAnswersTo);
        if (isHeld()) proxy.keptAnswers += 1;
        const pass = (): void => {
          if (isHeld()) {
            setTimeout(pass, 10);
            return;
          }
          answer.writeHead(response.statusCode ?? 502, headers);
          response.pipe(answer);
        };
        pass();
      },
    );
    outgoing.on('error', () => incoming.socket.destroy());
    answer.on('close', () => outgoing.destroy());
    let forwarded = 0;
    incoming.on('data', (chunk: Buffer) => {
      forwarded += chunk.byteLength;
      const key = `${incoming.method} ${path}`;
      proxy.forwardedBytes.set(key, (proxy.forwardedBytes.get(key) ?? 0) + chunk.byteLength);
      outgoing.write(chunk);
      if (cutAfter !== undefined && forwarded >= cutAfter) {
        // What was written has to reach the server before the line goes.
        outgoing.write('', () => setTimeout(() => outgoing.destroy(), 50));
        incoming.pause();
        setTimeout(() => incoming.socket.destroy(), 60);
      }
    });
    incoming.on('end', () => outgoing.end());
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
