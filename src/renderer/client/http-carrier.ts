import { hostPaths, tokenHeader } from '../../shared/contract/carriers.ts';
import { hostSilentCode, readAnswer, RequestError, type Carrier } from './carrier.ts';

const tokenKey = 'stint.token';
const firstRetryMs = 250;
const longestRetryMs = 5_000;

/**
 * The launch token comes once, in the fragment of the address (which no server sees and no log
 * keeps), and stays in this tab's session storage.
 */
export function takeLaunchToken(): string {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const fresh = fragment.get('token');
  if (fresh !== null) {
    sessionStorage.setItem(tokenKey, fresh);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(tokenKey) ?? '';
}

/** The host refuses this token: it was started anew, and this tab belongs to the earlier start. */
class TokenRefused extends Error {}

/** Server-sent events read by fetch, since `EventSource` cannot send the token as a header. */
async function* readEvents(
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<unknown> {
  const response = await fetch(hostPaths.events, {
    headers: { ...headers, accept: 'text/event-stream' },
    cache: 'no-store',
    signal,
  });
  if (response.status === 401 || response.status === 403) throw new TokenRefused();
  if (!response.ok || response.body === null) throw new Error(`events: HTTP ${response.status}`);
  onOpen();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const blocks = rest.split(/\r?\n\r?\n/u);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block
        .split(/\r?\n/u)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
      if (data !== '') yield JSON.parse(data);
    }
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The way to the loopback host: one POST a request, and one stream of events. */
export function createHttpCarrier(token: string): Carrier {
  const headers = { [tokenHeader]: token };
  return {
    headers,
    async request(name, input) {
      let response: Response;
      let text: string;
      try {
        response = await fetch(hostPaths.request(name), {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(input ?? {}),
          cache: 'no-store',
        });
        text = await response.text();
      } catch {
        throw new RequestError(hostSilentCode, 'The workspace process is not answering.');
      }
      let body: unknown;
      try {
        body = JSON.parse(text);
      } catch {
        throw new RequestError(
          'internal',
          `Expected an answer to ${name} in JSON, found HTTP ${response.status}.`,
        );
      }
      return readAnswer(body, name);
    },
    subscribe({ onEvent, onConnection }) {
      const abort = new AbortController();
      const { signal } = abort;
      const run = async () => {
        let retryMs = firstRetryMs;
        while (!signal.aborted) {
          let isRefused = false;
          try {
            const events = readEvents(headers, signal, () => {
              retryMs = firstRetryMs;
              onConnection('connected');
            });
            for await (const event of events) onEvent(event);
          } catch (error) {
            // Said through onConnection and tried again below.
            isRefused = error instanceof TokenRefused;
          }
          if (signal.aborted) return;
          onConnection(isRefused ? 'expired' : 'silent');
          await pause(retryMs, signal);
          retryMs = Math.min(retryMs * 2, longestRetryMs);
        }
      };
      void run();
      return () => abort.abort();
    },
  };
}
