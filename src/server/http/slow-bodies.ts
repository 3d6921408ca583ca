import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { StintError } from '../../shared/errors.ts';
import type { Clock, Timers } from '../../shared/ports.ts';
import { repeat } from '../ports/repeat.ts';
import { answerOnLine } from './error-answers.ts';

const checkMs = 5000;
/** Longer than a device of ours waits for any answer to a small request: it is the first to give up. */
const stallMs = 90_000;
/** So much has to come within that time, or the end. */
const leastBytes = 1024;
/** What is read whole has so long altogether, and no longer than for 4 KiB a second. */
const wholeMs = 15 * 60_000;
const wholeBytesPerMs = 4;

/** A request whose body has not come whole. */
interface Pending {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly mostMs: number;
  /** For how long the server has waited for the body, and since so many bytes had come. */
  waitedMs: number;
  stalledMs: number;
  markBytes: number;
}

/**
 * Ends requests whose body does not come: nobody else would, and each keeps a connection and what of it was read. An
 * upload may last for as long as it goes on; anything else is short. Counted is the time in which the server waits for
 * the client alone, and nothing once the body is there: streams of pokes, and long work, go on.
 * @returns how to stop.
 */
export function endSlowBodies(
  server: Server,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
): () => void {
  const pending = new Set<Pending>();
  server.on('request', (request, response) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined ||
      Number(request.headers['content-length'] ?? 0) > 0;
    if (!hasBody) return;
    const entry: Pending = {
      request,
      response,
      mostMs: computeMostMs(request),
      waitedMs: 0,
      stalledMs: 0,
      markBytes: request.socket.bytesRead,
    };
    pending.add(entry);
    request.once('close', () => pending.delete(entry));
  });
  let checkedMs = clock.monotonicMs();
  return repeat(timers, checkMs, async () => {
    const sinceMs = clock.monotonicMs() - checkedMs;
    checkedMs += sinceMs;
    for (const entry of pending) {
      if (entry.request.complete || entry.request.socket.destroyed) pending.delete(entry);
      else if (isTooSlow(entry, sinceMs)) cut(entry);
    }
  });
}

function computeMostMs({ method, headers }: IncomingMessage): number {
  if (method === 'PATCH' || headers['tus-resumable'] !== undefined) return Number.POSITIVE_INFINITY;
  const stated = headers['content-length'];
  if (stated === undefined) return wholeMs;
  return Math.min(wholeMs, stallMs + Number(stated) / wholeBytesPerMs);
}

function isTooSlow(entry: Pending, sinceMs: number): boolean {
  const { request } = entry;
  // What has come is not read yet: it is the server that is slow.
  if (request.readableLength > 0) return false;
  entry.waitedMs += sinceMs;
  entry.stalledMs += sinceMs;
  if (request.socket.bytesRead - entry.markBytes >= leastBytes) {
    entry.markBytes = request.socket.bytesRead;
    entry.stalledMs = 0;
  }
  return entry.stalledMs > stallMs || entry.waitedMs > entry.mostMs;
}

function cut({ request: { socket }, response }: Pending): void {
  // Another answer may be on its way on the same line.
  if (response.socket === socket && !response.headersSent)
    answerOnLine(
      socket,
      '408 Request Timeout',
      new StintError('unavailable', 'the request took too long to come; try again'),
    );
  socket.destroy();
}
