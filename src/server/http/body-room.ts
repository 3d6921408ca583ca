import type { FastifyReply, FastifyRequest } from 'fastify';
import { StintError } from '../../shared/errors.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import { getPrincipal } from './authentication.ts';
import type { HttpApp } from './http-app.ts';
import { whenOver } from './when-over.ts';

/**
 * What the bodies of one account's requests, and the contents that wait to be read by it, may take in memory together.
 * A device has two batches of small files under way each way, and one push.
 */
const roomBytes = 64 * 1024 * 1024;
/**
 * How many requests of one account are under way, its streams and uploads aside: each of its devices has a few. More would
 * make all others wait for the database behind them.
 */
const mostUnderway = 128;

export interface BodyRoom {
  /**
   * Keeps room in memory for the account of this request until it is answered or broken off.
   * @throws StintError `rate_limited` where its other requests have taken all of it.
   */
  take(request: FastifyRequest, reply: FastifyReply, sizeBytes: number): void;
}

export function createBodyRoom(): BodyRoom {
  const takenBytes = new Map<string, number>();
  return {
    take(request, reply, sizeBytes) {
      if (sizeBytes === 0) return;
      const { accountId } = getPrincipal(request);
      const taken = (takenBytes.get(accountId) ?? 0) + sizeBytes;
      if (taken > roomBytes)
        throw new StintError(
          'rate_limited',
          'too much is on its way from or to this account at once; try again when some of it has arrived',
        );
      takenBytes.set(accountId, taken);
      whenOver(reply, () => {
        const rest = (takenBytes.get(accountId) ?? 0) - sizeBytes;
        if (rest > 0) takenBytes.set(accountId, rest);
        else takenBytes.delete(accountId);
      });
    },
  };
}

/**
 * Bodies that are read whole before they are looked at lie in memory for as long as their line takes: those of one account
 * have a limit in common, taken before a byte of them is read, and so has the number of its requests. For routes behind
 * `requireSession`.
 */
export function limitBodies(app: HttpApp, room: BodyRoom): void {
  const underway = new Map<string, number>();
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url !== endpoints.pokes) enter(underway, request, reply);
    room.take(request, reply, computeBodyBytes(request));
  });
}

/** @throws StintError `rate_limited` where the account has as many under way as it may. */
function enter(underway: Map<string, number>, request: FastifyRequest, reply: FastifyReply): void {
  const { accountId } = getPrincipal(request);
  const count = underway.get(accountId) ?? 0;
  if (count >= mostUnderway)
    throw new StintError(
      'rate_limited',
      'too many requests of this account are under way at once; try again when some are answered',
    );
  underway.set(accountId, count + 1);
  whenOver(reply, () => {
    const left = (underway.get(accountId) ?? 0) - 1;
    if (left > 0) underway.set(accountId, left);
    else underway.delete(accountId);
  });
}

/** What comes in chunks states no length, and may be as long as its route lets it be; what is longer is refused unread. */
function computeBodyBytes({ headers, routeOptions }: FastifyRequest): number {
  const { bodyLimit } = routeOptions;
  if (headers['transfer-encoding'] !== undefined) return bodyLimit;
  return Math.min(Number(headers['content-length'] ?? 0), bodyLimit);
}
