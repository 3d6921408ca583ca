import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What a connection has to have sent before it counts as carrying a file. */
const fileBytes = 1024 * 1024;

export interface Line {
  /** What the workspaces know the server by; it stays the same when the server comes back. */
  readonly url: string;
  /** Bytes that went towards the server since `count` was called last. */
  readonly sentBytes: () => number;
  count(): void;
  /**
   * Lets this many more bytes of files through to the server, and then keeps them back, as a line does that
   * has come to a halt. Everything else goes on.
   */
  holdFilesAfter(bytes: number): void;
  /** Whether file bytes are being kept back now. */
  readonly isHolding: () => boolean;
  release(): void;
  close(): Promise<void>;
}

/** A line between workspaces and server, byte for byte. Without a server it refuses, as a dead line does. */
export async function openLine(findServerPort: () => number | undefined): Promise<Line> {
  let sentBytes = 0;
  let allowance = Number.POSITIVE_INFINITY;
  const held = new Set<() => void>();
  const sockets = new Set<Socket>();

  const server = createServer((near) => {
    const port = findServerPort();
    if (port === undefined) return void near.destroy();
    const far = connect({ host: '127.0.0.1', port });
    let ownBytes = 0;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    far.pipe(near);
    near.on('data', (chunk: Buffer) => {
      ownBytes += chunk.byteLength;
      const forward = () => {
        sentBytes += chunk.byteLength;
        if (ownBytes > fileBytes) allowance -= chunk.byteLength;
        if (!far.write(chunk)) near.pause();
      };
      if (ownBytes <= fileBytes || allowance > 0) return forward();
      near.pause();
      const goOn = () => {
        held.delete(goOn);
        if (near.destroyed) return;
        forward();
        near.resume();
      };
      held.add(goOn);
      near.once('close', () => held.delete(goOn));
    });
    far.on('drain', () => near.resume());
    near.on('end', () => far.end());
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sentBytes: () => sentBytes,
    count: () => {
      sentBytes = 0;
    },
    holdFilesAfter: (bytes) => {
      allowance = bytes;
    },
    isHolding: () => held.size > 0,
    release: () => {
      allowance = Number.POSITIVE_INFINITY;
      for (const goOn of held) goOn();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
