import { describeUnavailable } from './database/database-unavailable-error.ts';
import { openServer, type ServerOptions } from './open-server.ts';

export interface StartServerOptions extends ServerOptions {
  /** `127.0.0.1` unless said otherwise. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

export interface RunningServer {
  /** Base URL without a slash at its end. */
  readonly url: string;
  /** Ends streams, lets what is being written finish, closes the database. Closing twice is harmless. */
  close(): Promise<void>;
}

/**
 * Starts the sync server on one data folder and listens.
 * @throws StintError what `openServer` says. What the system says when the port is taken is passed on as it is.
 */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { app, close } = await openServer(options).catch((error: unknown) => {
    // The connection may be lost after it was made, and before the server stands.
    throw describeUnavailable(error);
  });
  try {
    const host = options.host ?? '127.0.0.1';
    await app.listen({ host, port: options.port ?? 0 });
    const address = app.server.address();
    if (address === null || typeof address === 'string')
      throw new Error('the server listens on no port');
    return { url: computeUrl(host, address.port), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An address that can be opened on this machine. */
function computeUrl(host: string, port: number): string {
  const isAny = host === '0.0.0.0' || host === '::';
  const name = isAny ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
