const lengthBytes = 4;

interface FramedFile {
  readonly sizeBytes: number;
}

/**
 * Many small files as one body: the length of a header in four bytes, big-endian, the header in JSON, and the contents
 * one after the other in its order (docs/sync-protocol.md, Exchanges).
 */
export function encodeSmallFiles(
  encodedHeader: Uint8Array,
  contents: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const parts = [encodeSmallFilesHead(encodedHeader), ...contents];
  const body = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let position = 0;
  for (const part of parts) {
    body.set(part, position);
    position += part.byteLength;
  }
  return body;
}

/** What stands before the contents, for whoever writes them one after the other. */
export function encodeSmallFilesHead(encodedHeader: Uint8Array): Uint8Array {
  const head = new Uint8Array(lengthBytes + encodedHeader.byteLength);
  new DataView(head.buffer).setUint32(0, encodedHeader.byteLength);
  head.set(encodedHeader, lengthBytes);
  return head;
}

/**
 * Takes such a body apart; the contents are views of it.
 *
 * @param parseHeader reads and validates the header, and throws for one that is of another form.
 * @param createMalformed the error to throw where the body is not of this form, from what is wrong with it.
 */
export function decodeSmallFiles<File extends FramedFile>(
  body: Uint8Array,
  parseHeader: (encodedHeader: Uint8Array) => { readonly files: readonly File[] },
  createMalformed: (reason: string) => Error,
): { readonly file: File; readonly bytes: Uint8Array }[] {
  const headerBytes =
    body.byteLength < lengthBytes
      ? Number.POSITIVE_INFINITY
      : new DataView(body.buffer, body.byteOffset).getUint32(0);
  let position = lengthBytes + headerBytes;
  if (position > body.byteLength) throw createMalformed('its header is not whole');
  const decoded = parseHeader(body.subarray(lengthBytes, position)).files.map((file) => {
    const bytes = body.subarray(position, position + file.sizeBytes);
    if (bytes.byteLength !== file.sizeBytes) throw createMalformed('its contents are not whole');
    position += file.sizeBytes;
    return { file, bytes };
  });
  if (position !== body.byteLength)
    throw createMalformed(`${body.byteLength - position} bytes are more than it announces`);
  return decoded;
}
