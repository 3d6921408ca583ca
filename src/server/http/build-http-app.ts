import { type FastifyReply, type FastifyRequest, fastify, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { StintError } from '../../shared/errors.ts';
import { protocolHeader, protocolVersion } from '../../shared/protocol/version.ts';
import type { ServerContext } from '../server-context.ts';
import { registerAccountRoutes, registerSignInRoutes } from './account-routes.ts';
import { assertProtocol } from './assert-protocol.ts';
import { registerCalendarFeedRoute, registerCalendarRoutes } from './calendar-routes.ts';
import { requireSession } from './authentication.ts';
import { createBodyRoom, limitBodies } from './body-room.ts';
import { limitConnections } from './connection-limit.ts';
import { answerUnreadable, createErrorHandler, sendError } from './error-answers.ts';
import { registerFileRoutes } from './file-routes.ts';
import type { HttpApp } from './http-app.ts';
import { registerInvitationRoutes, registerOrganizationRoutes } from './organization-routes.ts';
import { registerMetricsRoutes } from './metrics-routes.ts';
import { registerPageRoutes } from './page-routes.ts';
import { registerPokeRoutes } from './poke-routes.ts';
import { registerServerRoutes } from './server-routes.ts';
import { registerSmallFileRoutes } from './small-file-routes.ts';
import { registerSyncRoutes } from './sync-routes.ts';
import { registerUploadRoutes } from './upload-routes.ts';

/** Enough for any request but a push, which sets its own. */
const bodyLimitBytes = 1024 * 1024;

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  [protocolHeader]: String(protocolVersion),
} as const;

/** The HTTP server with all its routes; it does not listen yet. */
export function buildHttpApp(context: ServerContext): HttpApp {
  const handleError = createErrorHandler(context.log);
  const app = fastify({
    loggerInstance: context.log,
    // Their lines would hold the query and the address.
    // What goes wrong before a route is found.
    frameworkErrors: handleError,
    clientErrorHandler(error, socket) {
      context.log.trace({ err: error }, 'client error');
      answerUnreadable(error, socket);
    },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    trustProxy: context.trustProxy,
    genReqId: () => context.ports.randomness.uuid(),
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
  }) as unknown as HttpApp;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((request, reply) => {
    sendError(
      reply,
      404,
      new StintError('not_found', `there is nothing here to ${request.method}`),
    );
  });
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders);
    assertProtocol(request);
  });
  limitConnections(app, {
    most: context.limits.connectionsPerAddress,
    trustProxy: context.trustProxy,
    timers: context.ports.timers,
  });
  app.addHook('onResponse', async (request, reply) => logAnswer(context, request, reply));

  registerMetricsRoutes(app, context);
  registerServerRoutes(app, context);
  registerPageRoutes(app, context);
  registerCalendarFeedRoute(app, context);
  registerSignInRoutes(app, context);
  registerInvitationRoutes(app, context);
  void app.register(async (guarded) => {
    requireSession(guarded as HttpApp, context);
    await guarded.register(async (uploads) => registerUploadRoutes(uploads as HttpApp, context));
    await guarded.register(async (whole) => {
      const room = createBodyRoom();
      limitBodies(whole as HttpApp, room);
      registerAccountRoutes(whole as HttpApp, context);
      registerCalendarRoutes(whole as HttpApp, context);
      registerOrganizationRoutes(whole as HttpApp, context);
      registerSyncRoutes(whole as HttpApp, context, room);
      registerPokeRoutes(whole as HttpApp, context);
      registerFileRoutes(whole as HttpApp, context);
      await whole.register(async (small) =>
        registerSmallFileRoutes(small as HttpApp, context, room),
      );
    });
  });
  return app;
}

function logAnswer(context: ServerContext, request: FastifyRequest, reply: FastifyReply): void {
  context.log.info(
    {
      reqId: request.id,
      method: request.method,
      // The pattern, not the address: addresses hold ids.
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      elapsedMs: Math.round(reply.elapsedTime),
    },
    'answered',
  );
}
