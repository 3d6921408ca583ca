import type { WebContents } from 'electron';
import { handleAppProtocol } from '../../../src/main/electron/app-protocol.ts';
import { handleRequests, sendEvent } from '../../../src/main/electron/ipc.ts';
import { answerRequest } from '../../../src/main/hosting/answer-request.ts';
import { createHostResponder } from '../../../src/main/hosting/host-responder.ts';
import type { HostedEngine } from '../../../src/main/hosting/hosted-engine.ts';
import { createStaticAssets } from '../../../src/main/hosting/static-assets.ts';
import { startLoopbackServer } from '../../../src/main/loopback/loopback-server.ts';
import {
  type CarrierAnswer,
  hostPaths,
  tokenHeader,
} from '../../../src/shared/contract/carriers.ts';
import { FakeWebContents, ipcMain, protocol } from '../electron/fake-electron.ts';
import { buildPreload, runPreload } from '../electron/run-preload.ts';

/** One way to an engine, from the side of a page. */
export interface TestedCarrier {
  ask(name: string, input: unknown): Promise<CarrierAnswer>;
  /** A fetch of the page's own origin; undefined for a carrier that has no pages. */
  readonly fetch: ((path: string, init?: RequestInit) => Promise<Response>) | undefined;
  /** Collects events until it is ended. Resolves when it listens. */
  listen(onEvent: (event: unknown) => void): Promise<() => void>;
  close(): Promise<void>;
}

const log = { info: () => undefined, error: () => undefined };

/** The engine called as the command line and the tests do, in the same process. */
export function openDirectCarrier(engine: HostedEngine): TestedCarrier {
  return {
    ask: (name, input) => answerRequest(engine, name, input, log),
    fetch: undefined,
    listen: async (onEvent) => engine.subscribe(onEvent),
    close: async () => undefined,
  };
}

/** The browser host's server, asked over TCP. */
export async function openHttpCarrier(
  engine: HostedEngine,
  rendererFolder: string,
): Promise<TestedCarrier> {
  const server = await startLoopbackServer({ engine, rendererFolder, port: 0, log });
  const origin = `http://127.0.0.1:${server.port}`;
  const headers = { [tokenHeader]: server.token };
  const fetchPath = (path: string, init: RequestInit = {}) =>
    fetch(origin + path, { ...init, headers: { ...headers, ...(init.headers as object) } });
  return {
    ask: async (name, input) => {
      const response = await fetchPath(hostPaths.request(name), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      return (await response.json()) as CarrierAnswer;
    },
    fetch: fetchPath,
    listen: async (onEvent) => {
      const abort = new AbortController();
      const response = await fetchPath(hostPaths.events, { signal: abort.signal });
      const read = async () => {
        let rest = '';
        for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
          const blocks = (rest + chunk).split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks)
            if (block.startsWith('data: ')) onEvent(JSON.parse(block.slice('data: '.length)));
        }
      };
      // Ends by the abort.
      read().catch(() => undefined);
      return () => abort.abort();
    },
    close: () => server.close(),
  };
}

/** The desktop host's channel, through the built preload script; Electron itself is a fake. */
export async function openIpcCarrier(
  engine: HostedEngine,
  rendererFolder: string,
): Promise<TestedCarrier> {
  const contents = new FakeWebContents();
  contents.mainFrame = { url: 'app://stint/', origin: 'app://stint' };
  handleRequests(engine, log);
  handleAppProtocol(
    createHostResponder({ engine, assets: createStaticAssets(rendererFolder), log }),
  );
  const unsubscribe = engine.subscribe((event) =>
    sendEvent(contents as unknown as WebContents, event),
  );
  const api = runPreload(await buildPreload(), contents, ipcMain).exposed.get('stint');
  if (api === undefined) throw new Error('the preload script exposes no window.stint');
  return {
    ask: async (name, input) => (await api.request(name, input)) as CarrierAnswer,
    fetch: (path, init) => protocol.fetch(`app://stint${path}`, init),
    listen: async (onEvent) => api.subscribe(onEvent),
    close: async () => unsubscribe(),
  };
}
