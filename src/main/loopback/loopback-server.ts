import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StintError } from '../../shared/errors.ts';
import { answerRequest, toErrorBody } from '../hosting/answer-request.ts';
import { createHostResponder, isPrivatePath } from '../hosting/host-responder.ts';
import { type HostResponse, toErrorResponse, toJsonResponse } from '../hosting/host-response.ts';
import type { HostedEngine } from '../hosting/hosted-engine.ts';
import type { HostLog } from '../hosting/host-log.ts';
import { securityHeaders } from '../hosting/security-headers.ts';
import { createStaticAssets } from '../hosting/static-assets.ts';
import { streamEvents } from './event-stream.ts';
import { Gatekeeper, type Refusal } from './gatekeeper.ts';
import { isOfAnotherUser } from './peer-user.ts';
import { readJsonBody } from './read-json-body.ts';

const address = '127.0.0.1';

export interface LoopbackServer {
  readonly port: number;
  readonly token: string;
  /** An address for the command line of a browser: it works once, and leads to the one with the token. */
  createOpeningUrl(): string;
  /** Cuts off whoever is connected. */
  close(): Promise<void>;
}

export interface LoopbackServerOptions {
  readonly engine: HostedEngine;
  readonly rendererFolder: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly log: HostLog;
}

/** @throws StintError `unavailable` when the port is taken or not allowed */
async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new StintError('unavailable', `port ${port} of ${address} cannot be used (${error.code})`, {
          cause: error,
        }),
      ),
    );
    server.listen({ host: address, port, exclusive: true }, resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: HostResponse,
  cookie: string | undefined,
): Promise<void> {
  const { body } = answer;
  const isStream = body instanceof Readable;
  // Whoever asked went while the file was fetched: nobody else would close it.
  if (isStream && response.destroyed) {
    body.destroy();
    return;
  }
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(body === undefined || isStream ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
    // What is left of a refused body is not worth reading.
    ...(request.complete || request.method === 'GET' ? {} : { connection: 'close' }),
  });
  if (isStream) await pipeline(body, response);
  else if (request.method === 'HEAD') response.end();
  else response.end(body);
}

/**
 * The carrier for a browser on this machine: requests, events, files and the interface over HTTP on
 * 127.0.0.1 alone. A request that the engine answered has the status 200, also when the answer is an
 * error; other statuses are the carrier's own.
 */
export async function startLoopbackServer({
  engine,
  rendererFolder,
  port: wantedPort,
  log,
}: LoopbackServerOptions): Promise<LoopbackServer> {
  const respond = createHostResponder({ engine, assets: createStaticAssets(rendererFolder), log });
  const server = createServer();
  // A large file may take longer than Node allows a request by default.
  server.requestTimeout = 0;
  server.headersTimeout = 10_000;
  // Longer than browsers keep a connection that rests: closed from here, it could be in the moment in which a file is
  // sent on it, and that file would not arrive.
  server.keepAliveTimeout = 330_000;
  const port = await listen(server, wantedPort);
  const gatekeeper = new Gatekeeper(port);

  const findRefusal = (request: IncomingMessage, pathname: string): Refusal | undefined => {
    const stranger = gatekeeper.findStranger(request.headers);
    if (stranger !== undefined || !isPrivatePath(pathname)) return stranger;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    return isRead
      ? gatekeeper.findSessionRefusal(request.headers)
      : gatekeeper.findTokenRefusal(request.headers);
  };

  /** Others can read the command line that a browser was started with, and be quicker than it. */
  const opensInterface = async (request: IncomingMessage, pathname: string): Promise<boolean> =>
    request.method === 'GET' &&
    pathname.startsWith('/open/') &&
    !(await isOfAnotherUser(request.socket)) &&
    gatekeeper.takeOpeningPath(pathname);

  const answerCall = async (request: IncomingMessage, name: string): Promise<HostResponse> => {
    if (request.method !== 'POST')
      return toErrorResponse(
        {
          code: 'invalid_input',
          message: `expected the method POST, found ${request.method ?? 'none'}`,
        },
        405,
      );
    const input = await readJsonBody(request);
    return toJsonResponse(200, await answerRequest(engine, name, input, log));
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // Only the path of what is asked for counts; the authority was checked in the Host header.
    const target = request.url ?? '/';
    if (!target.startsWith('/') || !URL.canParse(`http://host${target}`))
      return send(
        request,
        response,
        toErrorResponse({ code: 'invalid_input', message: 'expected a path' }),
        undefined,
      );
    const url = new URL(`http://host${target}`);
    const refusal = findRefusal(request, url.pathname);
    if (refusal !== undefined)
      return send(request, response, toErrorResponse(refusal.error, refusal.status), undefined);
    if (await opensInterface(request, url.pathname))
      return send(
        request,
        response,
        {
          status: 302,
          headers: {
            ...securityHeaders,
            location: `/#token=${gatekeeper.token}`,
            'cache-control': 'no-store',
          },
          body: undefined,
        },
        undefined,
      );
    const cookie = isPrivatePath(url.pathname)
      ? gatekeeper.findCookieToSet(request.headers)
      : undefined;
    if (url.pathname === '/api/events' && request.method === 'GET')
      return streamEvents(engine, response, cookie === undefined ? {} : { 'set-cookie': cookie });
    const [, name] = /^\/api\/request\/([\w.-]{1,100})$/.exec(url.pathname) ?? [];
    const answer =
      name === undefined
        ? await respond({
            method: request.method ?? 'GET',
            url,
            header: (header) => request.headers[header]?.toString(),
            body: request as AsyncIterable<Uint8Array>,
          })
        : await answerCall(request, name).catch((error: unknown) =>
            toErrorResponse(toErrorBody(error, name, log)),
          );
    return send(request, response, answer, cookie);
  };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch((error: unknown) => {
      // The other side went away in the middle, or a file could not be read to its end.
      if (!response.destroyed) log.error('an answer could not be sent', error);
      response.destroy();
    });
  });

  return {
    port,
    token: gatekeeper.token,
    createOpeningUrl: () => `http://${address}:${port}${gatekeeper.createOpeningPath()}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
