import fs from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Clock, Randomness } from '../../shared/ports.ts';
import { decodeSmallFiles, encodeSmallFilesHead } from '../../shared/protocol/small-file-frame.ts';
import type { ProcessLink } from '../processes/process-link.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { computeContentLock } from './content-lock.ts';
import { syncPath } from './sync-path.ts';

/** Random, and how much there is in it, so that a look at the folder tells how much waits. */
const packPattern = /(?:\.(\d+))?\.pack$/;
/** Of these, every file is written again, whatever stands at its place. */
const doubtedPattern = /\.again(?:\.\d+)?\.pack$/;
/** Files that are written, or flushed, at once. */
const simultaneousFiles = 8;
/** What may wait to be settled, of all processes together; beyond it the next ones wait for that. */
const unsettledLimitBytes = 256 * 1024 * 1024;
/** Written within a moment; what is older is of a process that died over it, and nobody was told that it arrived. */
const keptUnfinishedMs = 3_600_000;

const headerSchema = z.object({
  orgId: z.string(),
  files: z.array(z.object({ sha256: z.string(), sizeBytes: z.int().min(0) })),
});

/** For each of many small files: a handle of the promises' API takes the process twice as long. */
const [openFile, writeBytes, closeFile, renameFile, statFile] = [
  promisify(fs.open),
  promisify(fs.write),
  promisify(fs.close),
  promisify(fs.rename),
  promisify(fs.stat),
];

export interface SmallContent {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/**
 * Many small contents made to survive a power cut by one flush instead of one for each: they are written into one
 * journal file, which is flushed, and then, unflushed, to their places. Later, when the system has mostly written them
 * by itself, `settle` flushes each and removes the journal file. What a power cut took from their places meanwhile is
 * written again from it (docs/decisions/0025-small-files-lie-twice-for-a-while.md).
 */
export interface SmallContentJournal {
  /** When it fails, some may be at their places. */
  take(orgId: string, contents: readonly SmallContent[]): Promise<void>;
  /**
   * Brings all that waits, of whichever process, to its end, and clears away what processes left that died. Repeating it,
   * and doing it twice at once, is harmless. Contents whose lock somebody holds are left for the next time.
   */
  settle(): Promise<void>;
}

export interface SmallContentJournalPorts {
  readonly randomness: Randomness;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly link: Pick<ProcessLink, 'tryLock'>;
}

export function createSmallContentJournal(
  folder: string,
  computePath: (orgId: string, sha256: string) => string,
  ports: SmallContentJournalPorts,
  limitBytes = unsettledLimitBytes,
): SmallContentJournal {
  const { randomness, clock, link } = ports;
  let settling: Promise<void> | undefined;
  let isPrepared = false;

  async function prepare(): Promise<void> {
    if (isPrepared) return;
    await mkdir(folder, { recursive: true });
    for (const parent of [path.dirname(folder), path.dirname(path.dirname(folder))])
      await syncPath(parent);
    isPrepared = true;
  }

  /** Each appears at its place whole, or not at all. */
  async function place(
    orgId: string,
    contents: readonly SmallContent[],
    isFlushed: boolean,
  ): Promise<void> {
    const batch = randomness.uuid();
    const folders = new Set(contents.map(({ sha256 }) => path.dirname(computePath(orgId, sha256))));
    for (const parent of folders) await mkdir(parent, { recursive: true });
    await inLanes([...contents.entries()], async ([index, { sha256, bytes }]) => {
      // What is there stays: it may be on the disk already, and this one is not yet.
      if (!isFlushed && (await hasSize(computePath(orgId, sha256), bytes.byteLength))) return;
      const temporary = path.join(folder, `${batch}.${index}`);
      try {
        if (isFlushed) await writeFile(temporary, bytes, { mode: 0o600, flush: true });
        else await writeUnflushed(temporary, bytes);
        await renameFile(temporary, computePath(orgId, sha256));
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
  }

  async function settleOne(foundPath: string): Promise<void> {
    let packPath = foundPath;
    const pack = await readFile(packPath).catch((error: NodeJS.ErrnoException) => {
      // Another process was quicker.
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (pack === undefined) return;
    let orgId = '';
    const contents = decodeSmallFiles(
      pack,
      (encoded) => {
        const parsed = headerSchema.parse(JSON.parse(Buffer.from(encoded).toString()));
        orgId = parsed.orgId;
        return parsed;
      },
      (reason) => new Error(`${path.basename(packPath)} cannot be read: ${reason}`),
    ).map(({ file: { sha256 }, bytes }) => ({ sha256, bytes }));
    const lost = new Set<SmallContent>();
    let isDoubted = doubtedPattern.test(packPath);
    await inLanes(contents, async (content) => {
      const state = await flush(computePath(orgId, content.sha256), content.sha256);
      if (state !== 'flushed') lost.add(content);
      if (state === 'unflushed') isDoubted = true;
    });
    if (isDoubted && !doubtedPattern.test(packPath)) packPath = await doubt(packPath);
    const written = contents.filter(
      (content) => (isDoubted || lost.has(content)) && sha256Hex(content.bytes) === content.sha256,
    );
    let isDone = true;
    await inLanes(written, async (content) => {
      isDone = (await writeAgain(orgId, content, isDoubted)) && isDone;
    });
    if (!isDone) return;
    const folders = contents.map(({ sha256 }) => path.dirname(computePath(orgId, sha256)));
    await inLanes([...new Set(folders)], syncPath);
    for (const parent of new Set(folders.map((each) => path.dirname(each)))) {
      await syncPath(parent);
      await syncPath(path.dirname(parent));
    }
    await rm(packPath, { force: true });
  }

  /**
   * Under the content's lock: nothing else is being put there meanwhile, or set aside for what it was before. The lock is
   * only tried, since whoever takes a group holds its locks while it waits for room here.
   * @returns whether it was done.
   */
  async function writeAgain(
    orgId: string,
    content: SmallContent,
    isDoubted: boolean,
  ): Promise<boolean> {
    const { sha256 } = content;
    const lock = await link.tryLock(computeContentLock({ orgId, sha256 }));
    if (lock === undefined) return false;
    try {
      // A sound one may have come since this one was found to be lost.
      if (isDoubted || (await flush(computePath(orgId, sha256), sha256)) !== 'flushed')
        await place(orgId, [content], true);
      return true;
    } finally {
      await lock.release();
    }
  }

  /**
   * A system tells of bytes that it could not write only once, and forgets it: whoever looks next finds them in memory,
   * and whole. So what such a file was in is all written again, at the next time too if this one fails.
   */
  async function doubt(packPath: string): Promise<string> {
    const doubted = packPath.replace(packPattern, '.again$&');
    try {
      await rename(packPath, doubted);
    } catch (error) {
      // Another process was quicker, and saw nothing wrong.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    await syncPath(folder);
    return doubted;
  }

  async function settleAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const name of await listNames()) {
      const filePath = path.join(folder, name);
      const settled = packPattern.test(name) ? settleOne(filePath) : sweep(filePath);
      // One that cannot be settled must not keep the others.
      await settled.catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  async function sweep(filePath: string): Promise<void> {
    const found = await stat(filePath).catch(() => undefined);
    if (found === undefined || found.mtimeMs > clock.nowMs() - keptUnfinishedMs) return;
    await rm(filePath, { force: true });
  }

  async function listNames(): Promise<string[]> {
    return await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
  }

  async function countUnsettledBytes(): Promise<number> {
    const sizes = (await listNames()).map((name) => Number(packPattern.exec(name)?.[1] ?? 0));
    return sizes.reduce((sum, sizeBytes) => sum + sizeBytes, 0);
  }

  /** Where another process settles as much as there was, or one pack cannot be settled, what there is room for goes on. */
  async function waitForRoom(sizeBytes: number): Promise<void> {
    if ((await countUnsettledBytes()) + sizeBytes <= limitBytes) return;
    const failure = await settle().then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (failure !== undefined && (await countUnsettledBytes()) + sizeBytes > limitBytes)
      throw failure.error;
  }

  function settle(): Promise<void> {
    settling ??= settleAll().finally(() => {
      settling = undefined;
    });
    return settling;
  }

  return {
    settle,
    async take(orgId, contents) {
      await prepare();
      const files = contents.map(({ sha256, bytes }) => ({ sha256, sizeBytes: bytes.byteLength }));
      const parts = [
        encodeSmallFilesHead(Buffer.from(JSON.stringify({ orgId, files }))),
        ...contents.map(({ bytes }) => bytes),
      ];
      const packBytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
      await waitForRoom(packBytes);
      const packPath = path.join(folder, `${randomness.uuid()}.${packBytes}.pack`);
      try {
        await writeParts(`${packPath}.new`, parts);
        await place(orgId, contents, false);
        // Settled from here on, and not before: files that are placed after that would have nothing behind them.
        await rename(`${packPath}.new`, packPath);
        await syncPath(folder);
      } catch (error) {
        for (const each of [packPath, `${packPath}.new`]) await rm(each, { force: true });
        throw error;
      }
    },
  };
}

/** `lost` is what is not there, or not with this hash; `unflushed` what the disk may not have taken. */
async function flush(filePath: string, sha256: string): Promise<'flushed' | 'unflushed' | 'lost'> {
  const file = await open(filePath, 'r').catch(() => undefined);
  if (file === undefined) return 'lost';
  try {
    const bytes = await file.readFile().catch(() => undefined);
    if (bytes === undefined || sha256Hex(bytes) !== sha256) return 'lost';
    return await file.sync().then(
      () => 'flushed',
      () => 'unflushed',
    );
  } finally {
    await file.close();
  }
}

/** Left to the system: on the disk when it likes. */
async function writeUnflushed(filePath: string, bytes: Uint8Array): Promise<void> {
  const file = await openFile(filePath, 'w', 0o600);
  try {
    for (let position = 0; position < bytes.byteLength;)
      position += (await writeBytes(file, bytes, position)).bytesWritten;
  } finally {
    await closeFile(file);
  }
}

/** On the disk when it resolves. What is large already is not copied together first. */
async function writeParts(filePath: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(filePath, 'w', 0o600);
  try {
    let rest = parts;
    while (rest.length > 0) {
      const { bytesWritten } = await file.writev(rest);
      rest = dropBytes(rest, bytesWritten);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A system may take less at once than it was given. */
function dropBytes(parts: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  for (const [index, part] of parts.entries()) {
    if (left < part.byteLength) return [part.subarray(left), ...parts.slice(index + 1)];
    left -= part.byteLength;
  }
  return [];
}

async function hasSize(filePath: string, sizeBytes: number): Promise<boolean> {
  const found = await statFile(filePath).catch(() => undefined);
  return found?.size === sizeBytes;
}

async function inLanes<Item>(
  items: readonly Item[],
  action: (item: Item) => Promise<unknown>,
): Promise<void> {
  const queue = [...items];
  const runLane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await action(item);
  };
  // Where one fails, nothing runs any more when that is told.
  const lanes = await Promise.allSettled(Array.from({ length: simultaneousFiles }, runLane));
  const failed = lanes.find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
