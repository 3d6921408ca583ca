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
    const members = value as Readonly<Record<string, unknown>>;
    let text = '';
    // Sorted as it is without a comparison: by UTF-16 code units.
    for (const key of Object.keys(members).sort()) {
      if (members[key] === undefined) continue;
      if (text !== '') text += ',';
      text += `${JSON.stringify(key)}:${computeCanonicalJson(members[key])}`;
    }
    return `{${text}}`;
  }
  throw new TypeError(`canonical JSON cannot hold a ${typeof value}`);
}
