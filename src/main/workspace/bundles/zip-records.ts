/**
 * The records of a ZIP (APPNOTE.TXT 6.3.10) as this program writes them: contents stored as they are, names in UTF-8,
 * ZIP64 where the numbers ask for it. Pure: the same entry gives the same bytes on every machine and in every time zone.
 */

export interface ZipEntry {
  readonly name: Buffer;
  readonly sizeBytes: number;
  readonly crc32: number;
  /** Where its local header begins in the archive. */
  readonly offset: number;
  /** The CRC-32 follows the content, because the content was not read before its header was written. */
  readonly hasDescriptor: boolean;
}

const limit32 = 0xffffffff;
const limit16 = 0xffff;
const flagUtf8 = 0x0800;
const flagDescriptor = 0x0008;
const versionPlain = 20;
const versionZip64 = 45;
/** Made on Unix, so that the mode counts; -rw-r--r--. */
const madeByUnix = 3 << 8;
const regularFileMode = 0o100644;

/**
 * Noon of a day as MS-DOS writes it: wall time without a zone, so no time zone comes in.
 *
 * @param day a calendar day such as `2026-03-01`; kept within the years 1980 to 2107 that the format knows.
 */
function computeDosDate(day: string): number {
  const [year = 1980, month = 1, date = 1] = day.split('-').map(Number);
  return ((Math.min(2107, Math.max(1980, year)) - 1980) << 9) | (month << 5) | date;
}
const noon = 12 << 11;

function isLarge(sizeBytes: number): boolean {
  return sizeBytes >= limit32;
}

export function computeLocalHeader(
  entry: Pick<ZipEntry, 'name' | 'sizeBytes' | 'crc32' | 'hasDescriptor'>,
  day: string,
): Buffer {
  const { name, sizeBytes, hasDescriptor } = entry;
  const large = isLarge(sizeBytes);
  const known = hasDescriptor ? 0 : sizeBytes;
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(large ? versionZip64 : versionPlain, 4);
  header.writeUInt16LE(hasDescriptor ? flagUtf8 | flagDescriptor : flagUtf8, 6);
  header.writeUInt16LE(0, 8);
  header.writeUInt16LE(noon, 10);
  header.writeUInt16LE(computeDosDate(day), 12);
  header.writeUInt32LE(hasDescriptor ? 0 : entry.crc32, 14);
  header.writeUInt32LE(large ? limit32 : known, 18);
  header.writeUInt32LE(large ? limit32 : known, 22);
  header.writeUInt16LE(name.byteLength, 26);
  // The extra field says to readers that the sizes in the descriptor take eight bytes.
  const extra = large ? computeZip64Extra([known, known]) : Buffer.alloc(0);
  header.writeUInt16LE(extra.byteLength, 28);
  return Buffer.concat([header, name, extra]);
}

/** What follows the content of an entry whose CRC-32 its header could not say. */
export function computeDescriptor({
  crc32,
  sizeBytes,
}: Pick<ZipEntry, 'crc32' | 'sizeBytes'>): Buffer {
  const large = isLarge(sizeBytes);
  const descriptor = Buffer.alloc(large ? 24 : 16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc32, 4);
  if (large) {
    descriptor.writeBigUInt64LE(BigInt(sizeBytes), 8);
    descriptor.writeBigUInt64LE(BigInt(sizeBytes), 16);
  } else {
    descriptor.writeUInt32LE(sizeBytes, 8);
    descriptor.writeUInt32LE(sizeBytes, 12);
  }
  return descriptor;
}

export function computeCentralHeader(entry: ZipEntry, day: string): Buffer {
  const { name, sizeBytes, offset, hasDescriptor } = entry;
  const large = isLarge(sizeBytes);
  const isFar = offset >= limit32;
  const extra =
    large || isFar
      ? computeZip64Extra([...(large ? [sizeBytes, sizeBytes] : []), ...(isFar ? [offset] : [])])
      : Buffer.alloc(0);
  const version = large || isFar ? versionZip64 : versionPlain;
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(madeByUnix | versionZip64, 4);
  header.writeUInt16LE(version, 6);
  header.writeUInt16LE(hasDescriptor ? flagUtf8 | flagDescriptor : flagUtf8, 8);
  header.writeUInt16LE(0, 10);
  header.writeUInt16LE(noon, 12);
  header.writeUInt16LE(computeDosDate(day), 14);
  header.writeUInt32LE(entry.crc32, 16);
  header.writeUInt32LE(large ? limit32 : sizeBytes, 20);
  header.writeUInt32LE(large ? limit32 : sizeBytes, 24);
  header.writeUInt16LE(name.byteLength, 28);
  header.writeUInt16LE(extra.byteLength, 30);
  header.writeUInt32LE((regularFileMode << 16) >>> 0, 38);
  header.writeUInt32LE(isFar ? limit32 : offset, 42);
  return Buffer.concat([header, name, extra]);
}

/** The end of the archive, with the ZIP64 records in front of it where there is too much for the plain one. */
export function computeEnd(
  entryCount: number,
  directoryOffset: number,
  directoryBytes: number,
): Buffer {
  const needsZip64 =
    entryCount >= limit16 || directoryOffset >= limit32 || directoryBytes >= limit32;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entryCount, limit16), 8);
  end.writeUInt16LE(Math.min(entryCount, limit16), 10);
  end.writeUInt32LE(Math.min(directoryBytes, limit32), 12);
  end.writeUInt32LE(Math.min(directoryOffset, limit32), 16);
  if (!needsZip64) return end;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(madeByUnix | versionZip64, 12);
  record.writeUInt16LE(versionZip64, 14);
  record.writeBigUInt64LE(BigInt(entryCount), 24);
  record.writeBigUInt64LE(BigInt(entryCount), 32);
  record.writeBigUInt64LE(BigInt(directoryBytes), 40);
  record.writeBigUInt64LE(BigInt(directoryOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(directoryOffset + directoryBytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end]);
}

function computeZip64Extra(numbers: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * numbers.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * numbers.length, 2);
  for (const [index, number] of numbers.entries())
    extra.writeBigUInt64LE(BigInt(number), 4 + 8 * index);
  return extra;
}
