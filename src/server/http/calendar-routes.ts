import { z } from 'zod';
import { StintError } from '../../shared/errors.ts';
import {
  calendarFeedSchema,
  feedRoute,
  renewedFeedSchema,
} from '../../shared/protocol/calendar.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import { endFeed, findFeed, findFeedAccount, renewFeed } from '../calendar/calendar-feeds.ts';
import { computeDeadlineCalendar } from '../calendar/deadline-calendar.ts';
import type { ServerContext } from '../server-context.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { getPrincipal } from './authentication.ts';
import type { HttpApp } from './http-app.ts';

/** What a person does with their subscription; needs a session. */
export function registerCalendarRoutes(app: HttpApp, context: ServerContext): void {
  const { db } = context.database;
  app.get(endpoints.calendar, { schema: { response: { 200: calendarFeedSchema } } }, (request) =>
    findFeed(db, getPrincipal(request).accountId),
  );
  app.post(endpoints.calendar, { schema: { response: { 200: renewedFeedSchema } } }, (request) =>
    renewFeed(db, context.ports, getPrincipal(request).accountId),
  );
  app.delete(endpoints.calendar, async (request, reply) => {
    await endFeed(db, getPrincipal(request).accountId);
    return reply.code(204).send();
  });
}

/**
 * What calendars ask for: they bring no session, only the secret in the address. A secret that is not one is answered as if nothing
 * were there, and counts against the address's limit, so that guessing is hopeless.
 */
export function registerCalendarFeedRoute(app: HttpApp, context: ServerContext): void {
  app.get(
    feedRoute,
    { schema: { params: z.object({ secret: z.string() }) } },
    async (request, reply) => {
      const secret = /^([A-Za-z0-9_-]{43})\.ics$/.exec(request.params.secret)?.[1];
      const accountId =
        secret === undefined
          ? undefined
          : await findFeedAccount(context.database.db, context.ports, secret);
      if (accountId === undefined) {
        context.limits.perAddress.take(request.ip);
        throw new StintError('not_found', 'there is no calendar at this address');
      }
      const calendar = await computeDeadlineCalendar(context.database.db, accountId);
      const tag = `"${sha256Hex(calendar).slice(0, 32)}"`;
      void reply.header('etag', tag).header('cache-control', 'private, no-cache');
      if (request.headers['if-none-match'] === tag) return reply.code(304).send();
      return reply.header('content-type', 'text/calendar; charset=utf-8').send(calendar);
    },
  );
}
