import { endpoints } from '../../shared/protocol/endpoints.ts';
import type { Poke } from '../../shared/protocol/poke.ts';
import { listCurrentPokes } from '../pokes/poke-source.ts';
import type { ServerContext } from '../server-context.ts';
import { getPrincipal } from './authentication.ts';
import type { HttpApp } from './http-app.ts';
import { whenOver } from './when-over.ts';

/** Proxies drop a connection that is silent for longer than some thirty seconds. */
const keepAliveMs = 25_000;
/** A device that does not read is let go when this much waits for it; it comes back and pulls. */
const maximumBufferedBytes = 64 * 1024;

/** SY-13: server-sent events (WHATWG HTML, section 9.2), pokes only. */
export function registerPokeRoutes(app: HttpApp, context: ServerContext): void {
  app.get(endpoints.pokes, async (request, reply) => {
    const principal = getPrincipal(request);
    const { raw } = reply;
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    raw.flushHeaders();

    const write = (text: string): void => {
      if (raw.writableEnded) return;
      if (raw.writableLength > maximumBufferedBytes) raw.destroy();
      else raw.write(text);
    };
    const send = (poke: Poke): void => write(`event: poke\ndata: ${JSON.stringify(poke)}\n\n`);
    let cancelKeepAlive = (): void => undefined;
    const keepAlive = (): void => {
      write(': keep-alive\n\n');
      cancelKeepAlive = context.ports.timers.after(keepAliveMs, keepAlive);
    };
    cancelKeepAlive = context.ports.timers.after(keepAliveMs, keepAlive);

    // Listens before it asks for the heads: a poke in between is told twice rather than not at all.
    const stop = context.pokes.listen({
      sessionId: principal.sessionId,
      accountId: principal.accountId,
      send,
      close: () => raw.end(),
    });
    whenOver(reply, () => {
      stop();
      cancelKeepAlive();
    });
    try {
      for (const poke of await listCurrentPokes(context.database, principal.accountId)) send(poke);
    } catch {
      raw.end();
    }
  });
}
