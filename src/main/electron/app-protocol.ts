import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { protocol } from 'electron';
import type { HostRequest } from '../hosting/host-responder.ts';
import { type HostResponse, toErrorResponse } from '../hosting/host-response.ts';
import { appOrigin, appScheme, isAppUrl } from './app-origin.ts';

/** Must run before the app is ready: afterwards a scheme can have no privileges. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        stream: true,
        codeCache: true,
      },
    },
  ]);
}

function toResponse({ status, headers, body }: HostResponse): Response {
  const content = body instanceof Readable ? Readable.toWeb(body) : body;
  return new Response((content ?? null) as ConstructorParameters<typeof Response>[0], {
    status,
    headers: { ...headers },
  });
}

function refuse(): Response {
  const message = `expected a request of ${appOrigin} itself`;
  return toResponse(toErrorResponse({ code: 'forbidden', message }));
}

/** Serves app://stint with what both hosts share; there is nothing at any other host of the scheme. */
export function handleAppProtocol(respond: (request: HostRequest) => Promise<HostResponse>): void {
  protocol.handle(appScheme, async (request) => {
    const origin = request.headers.get('origin');
    if (!isAppUrl(request.url) || (origin !== null && origin !== appOrigin)) return refuse();
    const body = request.body as ReadableStream<Uint8Array> | null;
    const response = await respond({
      method: request.method,
      url: new URL(request.url),
      header: (name) => request.headers.get(name) ?? undefined,
      body: body ?? undefined,
    });
    return toResponse(response);
  });
}
