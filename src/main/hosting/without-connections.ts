/**
 * Elements that reach other hosts whatever the policy says, as they stand in a page of an encoding that its header or its
 * byte order mark can choose: UTF-8, or UTF-16 of either order, where a NUL lies between two letters.
 */
const connecting = /<(\0?)(?:l\1i\1n\1k|i\1f\1r\1a\1m\1e)/gi;
/** Of the longest of them; a piece may end in the middle of one. */
const longestMatch = 13;

/**
 * A page that can make no connection: `link` opens some ahead (`preconnect`, `dns-prefetch`), which no content security
 * policy forbids, and a frame may hold a page in its `srcdoc`. Both would be empty under that policy anyway; they become
 * elements that do nothing. The length stays the same.
 */
export async function* withoutConnections(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let rest = '';
  for await (const chunk of source) {
    const text = disarm(rest + Buffer.from(chunk).toString('latin1'));
    const end = Math.max(0, text.length - longestMatch + 1);
    yield Buffer.from(text.slice(0, end), 'latin1');
    rest = text.slice(end);
  }
  yield Buffer.from(rest, 'latin1');
}

function disarm(text: string): string {
  return text.replaceAll(connecting, (found, nul: string) =>
    /f/i.test(found)
      ? `<${nul}x${found.slice(2 + nul.length)}`
      : ['<', 'm', 'e', 't', 'a'].join(nul),
  );
}
