import { open } from 'node:fs/promises';

const headerBytes = 100;

export interface DatabaseFileSize {
  readonly foundBytes: number;
  /** What the header says (sqlite.org/fileformat, section 1.3). */
  readonly expectedBytes: number;
}

/** Undefined for a file that is not a database at all, or has no header yet. */
export async function readDatabaseFileSize(path: string): Promise<DatabaseFileSize | undefined> {
  const file = await open(path, 'r');
  try {
    const header = Buffer.alloc(headerBytes);
    const { bytesRead } = await file.read(header, 0, headerBytes, 0);
    if (bytesRead < headerBytes || header.toString('latin1', 0, 15) !== 'SQLite format 3')
      return undefined;
    const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
    return {
      foundBytes: (await file.stat()).size,
      expectedBytes: header.readUInt32BE(28) * pageBytes,
    };
  } finally {
    await file.close();
  }
}
