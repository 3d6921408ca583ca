import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';

export interface WrittenFile {
  readonly sizeBytes: number;
  readonly sha256: string;
}

const flushChars = 256 * 1024;

/** Writes lines to a new file of mode 0600, hashing on the way. */
export class LineFile {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #sizeBytes = 0;
  #waiting: string[] = [];
  #waitingChars = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<LineFile> {
    return new LineFile(await open(path, 'wx', 0o600));
  }

  async write(line: string): Promise<void> {
    this.#waiting.push(line);
    this.#waitingChars += line.length;
    if (this.#waitingChars >= flushChars) await this.#flush();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#waiting.join(''), 'utf8');
    this.#waiting = [];
    this.#waitingChars = 0;
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.byteLength;
    await this.#file.writeFile(bytes);
  }

  /** When the promise fulfils, the bytes are on the disk. */
  async finish(): Promise<WrittenFile> {
    await this.#flush();
    await this.#file.sync();
    await this.#file.close();
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('hex') };
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }
}

export async function writeDurably(path: string, content: string | Buffer): Promise<WrittenFile> {
  const bytes = Buffer.from(content);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return {
    sizeBytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** Copies a file while hashing it, and flushes the copy; a copy that failed is removed. */
export async function copyDurably(source: string, target: string): Promise<WrittenFile> {
  return await saveDurably(createReadStream(source, { highWaterMark: 1024 * 1024 }), target);
}

/** The same for what comes from anywhere. */
export async function saveDurably(source: Readable, target: string): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(target, 'wx', 0o600);
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      sizeBytes += chunk.byteLength;
      await file.writeFile(chunk);
    }
    await file.sync();
    await file.close();
    return { sizeBytes, sha256: hash.digest('hex') };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(target, { force: true });
    throw error;
  }
}

/** A text file's lines, with all of its bytes given to `hash`. @throws TypeError for what is not UTF-8, or ends in the middle of a line. */
export async function* readLines(path: string, hash: Hash): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of createReadStream(path, {
    highWaterMark: 1024 * 1024,
  }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '' || decoder.decode() !== '') throw new TypeError('the last line has no end');
}

/** Makes what was created or renamed in a folder outlive a power cut. Windows has no such call. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
