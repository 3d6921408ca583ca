import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import type { Timers } from '../../shared/ports.ts';
import { computeNetworkKey } from '../network-key.ts';
import { RateLimitError } from '../rate-limiter.ts';
import type { HttpApp } from './http-app.ts';
import { whenOver } from './when-over.ts';

/** Of connections beyond the limit, so many of one address are kept until they ask, and hear why they are refused. */
const mostToAnswer = 32;
const answerMs = 5000;
const retryAfterSeconds = 30;

/**
 * Bounds how many connections one network address keeps open; behind a trusted proxy, where all connections come from
 * one address, how many of its requests are under way. What is beyond is answered 429, and closed.
 *
 * @param most 0 for no bound.
 */
export function limitConnections(
  app: HttpApp,
  {
    most,
    trustProxy,
    timers,
  }: { readonly most: number; readonly trustProxy: boolean; readonly timers: Timers },
): void {
  if (most === 0) return;
  const counts = new Map<string, number>();

  function enter(address: string): { readonly count: number; leave(): void } {
    const key = computeNetworkKey(address);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return {
      count,
      leave() {
        const left = (counts.get(key) ?? 0) - 1;
        if (left > 0) counts.set(key, left);
        else counts.delete(key);
      },
    };
  }

  if (trustProxy) {
    app.addHook('onRequest', async (request, reply) => {
      const { count, leave } = enter(request.ip);
      whenOver(reply, leave);
      if (count > most) refuse(reply);
    });
    return;
  }
  const refused = new WeakSet<Socket>();
  app.server.on('connection', (socket: Socket) => {
    const { count, leave } = enter(socket.remoteAddress ?? '');
    socket.once('close', leave);
    if (count <= most) return;
    if (count > most + mostToAnswer) {
      socket.destroy();
      return;
    }
    refused.add(socket);
    socket.once(
      'close',
      timers.after(answerMs, () => socket.destroy()),
    );
  });
  app.addHook('onRequest', async (request, reply) => {
    if (refused.has(request.raw.socket)) refuse(reply);
  });
}

function refuse(reply: FastifyReply): never {
  void reply.header('connection', 'close');
  throw new RateLimitError(
    retryAfterSeconds,
    'too many connections from this network are open on the server; try again in a while',
  );
}
