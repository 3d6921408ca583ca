import type { FastifyRequest } from 'fastify';
import { StintError } from '../../shared/errors.ts';
import { findPrincipal, type Principal } from '../accounts/sessions.ts';
import type { ServerContext } from '../server-context.ts';
import type { HttpApp } from './http-app.ts';

const principals = new WeakMap<FastifyRequest, Principal>();

/** Lets only signed-in devices through to the routes registered on `app`, before a body is read. */
export function requireSession(app: HttpApp, context: ServerContext): void {
  app.addHook('onRequest', async (request) => {
    const token = /^Bearer ([\w-]{43})$/.exec(request.headers.authorization ?? '')?.[1];
    const principal =
      token === undefined
        ? undefined
        : await findPrincipal(context.database.db, token, computeSessionTime(context));
    if (principal === undefined)
      throw new StintError(
        'not_signed_in',
        'this device is not signed in on this server, or its session was ended; sign in again',
      );
    principals.set(request, principal);
  });
}

/** What decides whether a session is still alive. */
export function computeSessionTime({ ports, sessionMs }: ServerContext): {
  nowMs: number;
  sessionMs: number;
} {
  return { nowMs: ports.clock.nowMs(), sessionMs };
}

/** Who makes the request; for routes behind `requireSession`. */
export function getPrincipal(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error('a route behind sign-in ran without it');
  return principal;
}
