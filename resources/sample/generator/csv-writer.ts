/** Quotes a field only where RFC 4180 asks for it. */
function encodeField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** RFC 4180: comma, CRLF, UTF-8, a header line first. */
export function encodeCsv(rows: readonly (readonly string[])[]): Uint8Array {
  return Buffer.from(rows.map((row) => `${row.map(encodeField).join(',')}\r\n`).join(''), 'utf8');
}
