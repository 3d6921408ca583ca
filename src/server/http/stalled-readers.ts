import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock, Timers } from '../../shared/ports.ts';
import { repeat } from '../ports/repeat.ts';
import { yieldToOthers } from '../sync/yield-to-others.ts';

const checkMs = 30_000;
/** A page of rows goes out in one piece, and a slow line takes minutes for it. */
const stallMs = 15 * 60_000;

interface Line {
  /** What had gone out when it was last seen to go on, in bytes. */
  sentBytes: number;
  stalledMs: number;
}

/**
 * Ends connections on which an answer waits that nobody reads: what it holds in memory would stay there for as long as the
 * other side likes, which need not do anything for that.
 * @returns how to stop.
 */
export function endStalledReaders(
  server: Server,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
): () => void {
  const lines = new Map<Socket, Line>();
  server.on('connection', (socket: Socket) => {
    lines.set(socket, { sentBytes: 0, stalledMs: 0 });
    socket.once('close', () => lines.delete(socket));
  });
  let checkedMs = clock.monotonicMs();
  return repeat(timers, checkMs, async () => {
    // What was written in this turn is on its way after it.
    await yieldToOthers();
    const sinceMs = clock.monotonicMs() - checkedMs;
    checkedMs += sinceMs;
    for (const [socket, line] of lines) {
      const sentBytes = socket.bytesWritten - socket.writableLength;
      const isStalled = socket.writableLength > 0 && sentBytes === line.sentBytes;
      line.stalledMs = isStalled ? line.stalledMs + sinceMs : 0;
      line.sentBytes = sentBytes;
      if (line.stalledMs > stallMs) socket.destroy();
    }
  });
}
