import { hostSilentCode, RequestError, toRequestError, type Carrier } from './carrier.ts';

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

/** Server-sent events read by fetch, since `EventSource` cannot send the token as a header. */
async function* readEvents(
  token: string,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<unknown> {
  const response = await fetch('/api/events', {
    headers: { 'X-Stint-Token': token, accept: 'text/event-stream' },
    cache: 'no-store',
    signal,
  });
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
  const headers = { 'X-Stint-Token': token };
  return {
    headers,
    async request(name, input) {
      let response: Response;
      try {
        response = await fetch(`/api/request/${encodeURIComponent(name)}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(input ?? {}),
          cache: 'no-store',
        });
      } catch {
        throw new RequestError(hostSilentCode, 'The workspace process is not answering.');
      }
      const text = await response.text();
      let body: unknown;
      try {
        body = text === '' ? undefined : JSON.parse(text);
      } catch {
        throw new RequestError('internal', `The workspace gave an unreadable answer to ${name}.`);
      }
      if (response.ok) return body;
      throw toRequestError(body, `The workspace answered ${name} with HTTP ${response.status}.`);
    },
    subscribe({ onEvent, onConnection }) {
      const abort = new AbortController();
      const { signal } = abort;
      const run = async () => {
        let retryMs = firstRetryMs;
        while (!signal.aborted) {
          try {
            const events = readEvents(token, signal, () => {
              retryMs = firstRetryMs;
              onConnection(true);
            });
            for await (const event of events) onEvent(event);
          } catch {
            // The stream broke or never stood: said through onConnection, tried again below.
          }
          if (signal.aborted) return;
          onConnection(false);
          await pause(retryMs, signal);
          retryMs = Math.min(retryMs * 2, longestRetryMs);
        }
      };
      void run();
      return () => abort.abort();
    },
  };
}
