import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import { StintError } from '../../shared/errors.ts';
import { metricsContentType } from '../metrics/metric-families.ts';
import type { ServerMetrics } from '../metrics/server-metrics.ts';
import type { ServerContext } from '../server-context.ts';
import { sha256Hex } from '../sha256-hex.ts';
import type { HttpApp } from './http-app.ts';
import { whenOver } from './when-over.ts';

const uploadRoute = `${endpoints.uploads(':orgId')}/:uploadId`;
/** What was asked for and is nowhere: one label for all, or anyone could fill the memory with paths. */
const unknownRoute = 'unknown';

/**
 * `GET /metrics`, where the server was started with it. With a token, for whoever brings it; without one, for this
 * machine alone, and for nobody who comes through a proxy.
 */
export function registerMetricsRoutes(app: HttpApp, context: ServerContext): void {
  const { metrics } = context;
  if (metrics === undefined) return;
  countRequests(app, metrics.counted);
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request, metrics.token))
      throw new StintError('not_found', 'there is nothing here to GET');
    return await reply
      .header('content-type', metricsContentType)
      .send(metrics.counted.render({ pokeListeners: context.pokes.countListeners() }));
  });
}

function mayRead(request: FastifyRequest, token: string | undefined): boolean {
  if (token !== undefined) {
    const found = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    // Their hashes are of one length, and tell nothing by the time it takes to compare them.
    return timingSafeEqual(Buffer.from(sha256Hex(found)), Buffer.from(sha256Hex(token)));
  }
  const { remoteAddress = '' } = request.raw.socket;
  const isLocal = /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress);
  const isForwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some(
    (name) => request.headers[name] !== undefined,
  );
  return isLocal && !isForwarded;
}

function countRequests(app: HttpApp, metrics: ServerMetrics): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'PATCH' || request.routeOptions.url !== uploadRoute) return;
    metrics.beginUpload();
    // Whether it was answered or cut off.
    whenOver(reply, () => metrics.endUpload());
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.countRequest({
      method: request.method,
      route: request.routeOptions.url ?? unknownRoute,
      status: reply.statusCode,
      elapsedMs: reply.elapsedTime,
    });
  });
}
