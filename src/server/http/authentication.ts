import type { FastifyRequest } from 'fastify';
import { StintError } from '../../shared/errors.ts';
import { findPrincipal, listLiveSessions, type Principal } from '../accounts/sessions.ts';
import type { ServerContext } from '../server-context.ts';
import { knowsClosedAccounts } from './assert-protocol.ts';
import type { HttpApp } from './http-app.ts';

const principals = new WeakMap<FastifyRequest, Principal & { readonly sinceMs: number }>();

/** Of requests that anybody may make: what is read for nobody in particular is short. */
export const strangerBodyBytes = 64 * 1024;

/** A body that took longer than this to come may have been outlived by its session. */
const quickBodyMs = 1000;

/**
 * Lets only signed-in devices through to the routes registered on `app`, before a body is read; and again after
 * one that came slowly, or a request held back would be answered long after its session was ended.
 */
export function requireSession(app: HttpApp, context: ServerContext): void {
  const { clock } = context.ports;

  app.addHook('onRequest', async (request) => {
    const token = /^Bearer ([\w-]{43})$/.exec(request.headers.authorization ?? '')?.[1];
    const principal =
      token === undefined
        ? undefined
        : await findPrincipal(context.database.db, token, computeSessionTime(context)).catch(
            (error: unknown) => {
              // An older program would take it for a fault of the server, and go on asking.
              if (isClosedAccount(error) && !knowsClosedAccounts(request)) return undefined;
              throw error;
            },
          );
    if (principal === undefined) throw createNotSignedIn();
    principals.set(request, { ...principal, sinceMs: clock.monotonicMs() });
  });

  app.addHook('preHandler', async (request) => {
    const principal = principals.get(request);
    if (principal === undefined || clock.monotonicMs() - principal.sinceMs < quickBodyMs) return;
    const time = computeSessionTime(context);
    const live = await listLiveSessions(context.database.db, [principal.sessionId], time);
    if (live.length === 0) throw createNotSignedIn();
  });
}

const isClosedAccount = (error: unknown): boolean =>
  error instanceof StintError && error.code === 'account_closed';

function createNotSignedIn(): StintError {
  return new StintError(
    'not_signed_in',
    'this device is not signed in on this server, or its session was ended; sign in again',
  );
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
