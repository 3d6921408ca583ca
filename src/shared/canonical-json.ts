/**
 * JSON in the canonical form of RFC 8785 (JCS): no white space, keys in UTF-16 code unit order,
 * numbers and strings as ECMAScript writes them (its section 3.2.2 takes both from there).
 * Equal values give equal text, so its hash names the value. `undefined` members are left out;
 * throws on what JSON cannot hold (functions, symbols, NaN, infinities).
 */
export function computeCanonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string')
    return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new TypeError('canonical JSON cannot hold a number that is not finite');
    return JSON.stringify(value);
  }
  if (Array.isArray(value))
    return `[${value.map((item) => computeCanonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
      .map(([key, member]) => `${JSON.stringify(key)}:${computeCanonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`canonical JSON cannot hold a ${typeof value}`);
}
