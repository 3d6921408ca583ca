import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** `127.0.0.1:8080` as Linux writes it in its table of connections: the bytes of the address from the last to the first. */
function toTableAddress(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * The number of the user whose program has connected from one port of 127.0.0.1 to another.
 *
 * @param table the content of /proc/net/tcp
 */
export function findPeerUser(table: string, peerPort: number, ownPort: number): number | undefined {
  const ends = [toTableAddress(peerPort), toTableAddress(ownPort)];
  for (const line of table.split('\n')) {
    const [, local, remote, , , , , user] = line.trim().split(/\s+/);
    if (local === ends[0] && remote === ends[1]) return Number(user);
  }
  return undefined;
}

/** Whether a connection is known to be of another user of this machine; Linux alone tells. */
export async function isOfAnotherUser({ remotePort, localPort }: Socket): Promise<boolean> {
  const ownUser = process.getuid?.();
  if (process.platform !== 'linux' || remotePort === undefined || localPort === undefined)
    return false;
  const table = await readFile('/proc/net/tcp', 'utf8').catch(() => '');
  const user = findPeerUser(table, remotePort, localPort);
  return user !== undefined && user !== ownUser;
}
