/**
 * More than an engagement of years has, ten times over. Each value takes a few bytes of a file and hundreds of memory,
 * above all one that is not as its schema says.
 */
const mostBundleValues = 1_000_000;
/** Data of a bundle are nowhere near; what goes through them goes from level to level. */
const mostLevels = 100;

const quote = 0x22;
const backslash = 0x5c;
const openings: ReadonlySet<number> = new Set(Buffer.from('[{'));
const endings: ReadonlySet<number> = new Set(Buffer.from(']}'));
const separators: ReadonlySet<number> = new Set(Buffer.from(',:'));

/**
 * JSON (RFC 8259) of a stranger, in UTF-8.
 *
 * @param mostValues of what it may hold, keys and values together.
 * @throws Error for bytes that are no such text, and for more values, or deeper ones, than are allowed.
 */
export function parseBoundedJson(content: Buffer, mostValues = mostBundleValues): unknown {
  let values = 1;
  let level = 0;
  let isInText = false;
  for (let index = 0; index < content.length; index += 1) {
    const byte = content[index] ?? 0;
    if (isInText) {
      if (byte === backslash) index += 1;
      else if (byte === quote) isInText = false;
    } else if (byte === quote) isInText = true;
    else if (separators.has(byte)) values += 1;
    else if (openings.has(byte)) level += 1;
    else if (endings.has(byte)) level -= 1;
    if (level > mostLevels) throw new Error(`it is more than ${mostLevels} levels deep`);
    if (values > mostValues) throw new Error(`it holds more than ${mostValues} values`);
  }
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)) as unknown;
}
