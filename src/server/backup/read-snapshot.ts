import { createHash } from 'node:crypto';
import type { StoredRow } from '../database/database-snapshot.ts';
import type { BackupManifest, ContentLine } from './backup-format.ts';
import { contentLineSchema, snapshotPaths } from './backup-format.ts';
import { readLines, type WrittenFile } from './durable-files.ts';
import { parseRowLine } from './row-lines.ts';

const pageRows = 500;
const pageChars = 4 * 1024 * 1024;

/** What is wrong with a file of a backup: `missing`, or how it differs from what the manifest says. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
  readonly isMissing: boolean;

  constructor(reason: string, isMissing: boolean) {
    super(reason);
    this.isMissing = isMissing;
  }
}

/**
 * A table's rows in pages, verified on the way. What a page brought must not be kept when the reading throws:
 * the hash is known at the end.
 * @throws DamagedFileError
 */
export async function* readTable(
  snapshotPath: string,
  table: BackupManifest['tables'][number],
): AsyncGenerator<readonly StoredRow[]> {
  let rows = 0;
  let page: StoredRow[] = [];
  let chars = 0;
  for await (const line of readVerified(snapshotPaths.table(snapshotPath, table.name), table)) {
    page.push(parse(() => parseRowLine(line)));
    rows += 1;
    chars += line.length;
    if (page.length < pageRows && chars < pageChars) continue;
    yield page;
    page = [];
    chars = 0;
  }
  if (rows !== table.rows)
    throw new DamagedFileError(`expected ${table.rows} rows, found ${rows}`, false);
  if (page.length > 0) yield page;
}

/** The contents that a snapshot names. @throws DamagedFileError */
export async function* readContentList(
  snapshotPath: string,
  contents: BackupManifest['contents'],
): AsyncGenerator<ContentLine> {
  let count = 0;
  for await (const line of readVerified(snapshotPaths.contents(snapshotPath), contents)) {
    count += 1;
    yield parse(() => contentLineSchema.parse(JSON.parse(line)));
  }
  if (count !== contents.count)
    throw new DamagedFileError(`expected ${contents.count} lines, found ${count}`, false);
}

async function* readVerified(filePath: string, expected: WrittenFile): AsyncGenerator<string> {
  const hash = createHash('sha256');
  try {
    yield* readLines(filePath, hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new DamagedFileError('is missing', true);
    if (error instanceof TypeError) throw new DamagedFileError('is not whole lines of text', false);
    throw error;
  }
  if (hash.digest('hex') !== expected.sha256)
    throw new DamagedFileError('does not have the hash in the manifest', false);
}

function parse<Value>(read: () => Value): Value {
  try {
    return read();
  } catch {
    throw new DamagedFileError('has a line that cannot be read', false);
  }
}
