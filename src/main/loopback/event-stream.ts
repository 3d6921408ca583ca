import type { ServerResponse } from 'node:http';
import { securityHeaders } from '../hosting/security-headers.ts';
import type { HostedEngine } from '../hosting/hosted-engine.ts';

const keepAliveMs = 20_000;
/** A page that has stopped reading is cut off; it asks for everything again when it comes back. */
const maxUnreadBytes = 1024 * 1024;

/** Sends the engine's events as server-sent events until either side ends. */
export function streamEvents(
  engine: HostedEngine,
  response: ServerResponse,
  extraHeaders: Readonly<Record<string, string>>,
): void {
  response.writeHead(200, {
    ...securityHeaders,
    ...extraHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  // Says at once that the stream is open.
  response.write(': open\n\n');
  const send = (text: string) => {
    response.write(text);
    if (response.writableLength > maxUnreadBytes) response.destroy();
  };
  const unsubscribe = engine.subscribe((event) => send(`data: ${JSON.stringify(event)}\n\n`));
  const keepAlive = setInterval(() => send(': keep-alive\n\n'), keepAliveMs);
  response.on('close', () => {
    clearInterval(keepAlive);
    unsubscribe();
  });
}
