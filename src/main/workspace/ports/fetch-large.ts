import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { ReadableStream as SystemStream } from 'node:stream/web';
import { eachPiece } from '../../../shared/each-piece.ts';
import { letGo } from '../../../shared/let-go.ts';

/**
 * `fetch` for answers of any size, without what it does besides: it neither follows addresses nor unpacks. Each piece
 * comes in memory of its own, which whoever reads it may give back; of what the system's own `fetch` receives it keeps
 * copies out of anybody's reach, until they are collected (docs/decisions/0032-memory-of-pieces-is-given-back-by-hand.md).
 */
export const fetchLarge: typeof globalThis.fetch = async (input, init = {}) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (init.body !== undefined) throw new TypeError('fetchLarge asks for files and sends none');
  const signal = init.signal ?? undefined;
  signal?.throwIfAborted();
  // As `fetch` tells of it: whoever broke it off hears the own reason, and else what went wrong is the cause.
  const describe = (cause: unknown): Error =>
    signal?.aborted === true ? (signal.reason as Error) : new TypeError('fetch failed', { cause });
  const method = init.method ?? 'GET';
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const begin = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = begin(url, {
      method,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(signal === undefined ? {} : { signal }),
    });
    request.once('socket', (socket) => letGoOfReceived(socket, request));
    request.once('response', resolve);
    // Also after the answer has begun, when nobody waits here any more.
    request.on('error', (cause) => reject(describe(cause)));
    request.end();
  });
  const { statusCode = 0, headers } = message;
  const hasBody = method !== 'HEAD' && ![204, 205, 304].includes(statusCode);
  if (!hasBody) message.resume();
  return new Response(
    hasBody ? (SystemStream.from(listPieces(message, describe)) as ReadableStream) : null,
    {
      status: statusCode,
      headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
      ),
    },
  );
};

/** What a connection receives is copied, piece by piece, before this is called: it is listened to first by who parses it. */
function letGoOfReceived(socket: Socket, request: ClientRequest): void {
  const listener = (received: Uint8Array): void => letGo(received);
  socket.on('data', listener);
  // A connection that is kept for the next request must be listened to by nobody.
  request.once('response', (message: IncomingMessage) =>
    message.once('end', () => socket.off('data', listener)),
  );
}

async function* listPieces(
  message: IncomingMessage,
  describe: (error: unknown) => Error,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* eachPiece(message);
  } catch (error) {
    throw describe(error);
  }
}
