import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

const ownAddress = '127.0.0.1';
/** As Linux writes it in its table of connections: the bytes of the address from the last to the first. */
const tableAddress = '0100007F';
/** A program may speak of the same address in IPv6; its end of the connection stands in the other table then. */
const mappedAddress = `0000000000000000FFFF0000${tableAddress}`;
const tables = ['/proc/net/tcp', '/proc/net/tcp6'];
/** A table is no picture of one moment: a line of it may be missed while others come and go. */
const mostLooks = 3;

/**
 * The number of the user whose program has connected from one port of 127.0.0.1 to another.
 *
 * @param table the content of /proc/net/tcp, of /proc/net/tcp6, or of both
 */
export function findPeerUser(table: string, peerPort: number, ownPort: number): number | undefined {
  const [peer, own] = [peerPort, ownPort].map((port) =>
    port.toString(16).toUpperCase().padStart(4, '0'),
  );
  const wanted = new Set(
    [tableAddress, mappedAddress].map((address) => `${address}:${peer} ${address}:${own}`),
  );
  for (const line of table.split('\n')) {
    const [, local, remote, , , , , user] = line.trim().split(/\s+/);
    if (wanted.has(`${local} ${remote}`)) return Number(user);
  }
  return undefined;
}

/**
 * Whether a connection is of another user of this machine, or from an address that no browser takes for it; Linux alone
 * tells whose it is.
 */
export async function isOfAnotherUser({
  remoteAddress,
  remotePort,
  localPort,
}: Socket): Promise<boolean> {
  if (remoteAddress !== ownAddress) return true;
  if (process.platform !== 'linux' || remotePort === undefined || localPort === undefined)
    return false;
  for (let look = 1; look <= mostLooks; look += 1) {
    const contents = await Promise.all(
      tables.map((path) => readFile(path, 'utf8').catch(() => '')),
    );
    if (contents.every((content) => content === '')) return false;
    const user = findPeerUser(contents.join('\n'), remotePort, localPort);
    if (user !== undefined) return user !== process.getuid?.();
  }
  return true;
}
