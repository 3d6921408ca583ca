import { isIPv6 } from 'node:net';

/**
 * Whose attempts those from an IP address count as: an IPv4 address is one place; of IPv6, whoever has one address has
 * the other 2^64 of its network, too (RFC 6177; interface identifiers: RFC 4291, section 2.5.1).
 */
export function computeNetworkKey(address: string): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [beginning = '', end] = (address.split('%')[0] ?? '').split('::');
  const list = (part: string): string[] => part.split(':').filter((group) => group !== '');
  const before = list(beginning);
  const after = list(end ?? '');
  // "::" stands for the groups that are missing of eight; an IPv4 address at the end is two of them.
  const written = before.length + after.length + (address.includes('.') ? 1 : 0);
  const groups = [...before, ...Array.from({ length: 8 - written }, () => '0'), ...after];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
