import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface VanishingHost {
  /** The database's, by way of a host that is there until it vanishes. */
  readonly databaseUrl: string;
  /** How much was sent since it vanished. */
  readonly lostBytes: number;
  /** Nothing goes through any more, a goodbye neither, and nobody says so. */
  vanish(): void;
}

export async function startVanishingHost(databaseUrl: string): Promise<VanishingHost> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port), allowHalfOpen: true };
  const sockets = new Set<Socket>();
  let isGone = false;
  let lostBytes = 0;
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('error', () => undefined);
    from.on('data', (piece) => {
      if (isGone) lostBytes += piece.byteLength;
      else to.write(piece);
    });
    from.on('end', () => {
      if (!isGone) to.end();
    });
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const onward = connect(target);
    pass(client, onward);
    pass(onward, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    databaseUrl: url.href,
    get lostBytes() {
      return lostBytes;
    },
    vanish() {
      isGone = true;
    },
  };
}
