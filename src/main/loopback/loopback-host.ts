import { closeAll } from '../../shared/close-all.ts';
import { parseExternalUrl } from '../hosting/external-url.ts';
import type { HostLog } from '../hosting/host-log.ts';
import type { HostedEngine } from '../hosting/hosted-engine.ts';
import { type RunningSample, SampleKeeper } from '../hosting/sample-keeper.ts';
import type { HostCapabilities } from '../workspace/engine/host-capabilities.ts';
import { startLoopbackServer } from './loopback-server.ts';

export interface LoopbackHostOptions {
  /** Opens the engine with what this host can do; its refusals are handed on. */
  readonly openEngine: (host: HostCapabilities) => Promise<HostedEngine>;
  readonly startSample: (folder: string) => Promise<RunningSample>;
  /** Opens a checked address in the system's own program. */
  readonly openAddress: (url: string) => Promise<void>;
  readonly rendererFolder: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly log: HostLog;
}

export interface LoopbackHost {
  /** With the token in its fragment, which no server sees and no log keeps. */
  readonly url: string;
  readonly token: string;
  readonly port: number;
  /** An address that shows the interface once, for a browser's command line. */
  createOpeningUrl(): string;
  /** Ends the server, the engine and the sample, in this order. Calling it again changes nothing. */
  close(): Promise<void>;
}

/** Opens the workspace and serves it to a browser on this machine. Nothing is left open on a failure. */
export async function startLoopbackHost(options: LoopbackHostOptions): Promise<LoopbackHost> {
  const sample = new SampleKeeper(options.startSample);
  const host: HostCapabilities = {
    kind: 'loopback',
    openExternal: async (url) => options.openAddress(parseExternalUrl(url)),
    startSample: (folder) => sample.obtain(folder),
    // Whoever runs this host updates the folder it runs from.
    getUpdateState: () => ({ state: 'off', version: null, message: null }),
    installUpdate: () => Promise.resolve(),
  };
  let engine: HostedEngine | undefined;
  try {
    engine = await options.openEngine(host);
    const { rendererFolder, port, log } = options;
    const server = await startLoopbackServer({ engine, rendererFolder, port, log });
    const opened = engine;
    let closing: Promise<void> | undefined;
    return {
      url: `http://127.0.0.1:${server.port}/#token=${server.token}`,
      token: server.token,
      port: server.port,
      createOpeningUrl: server.createOpeningUrl,
      close: () => {
        closing ??= closeAll([() => sample.close(), () => opened.close(), () => server.close()]);
        return closing;
      },
    };
  } catch (error) {
    await closeAll([() => sample.close(), () => engine?.close()]).catch(() => {});
    throw error;
  }
}
