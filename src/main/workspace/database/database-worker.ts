import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { createGzip } from 'node:zlib';
import Database from 'better-sqlite3';
import type { DatabaseTask, DatabaseTaskAnswer, WrittenCopy } from './run-database-task.ts';

/** What takes long on a large database, in a thread of its own, so that nobody at the window waits for it. */

/** The codes that speak of the file itself; any other says that it could not be looked at just now. */
const tellsDamage = (code: string): boolean =>
  /^SQLITE_(?:CORRUPT|NOTADB$|IOERR_(?:READ|SHORT_READ|CORRUPTFS|DATA)$)/.test(code);

const getCode = (error: unknown): string => (error as { code?: string }).code ?? '';

/**
 * What is wrong with the file, that it is not there included, or undefined. Opening it read-only changes nothing in it.
 * @throws the driver's error where it could not be looked at: without a handle, or while it is locked, say.
 */
function findProblem(filePath: string): string | undefined {
  let connection: Database.Database | undefined;
  try {
    connection = new Database(filePath, { readonly: true, fileMustExist: true, timeout: 10_000 });
    const [found] = connection.pragma('quick_check(1)', { simple: false }) as {
      quick_check: string;
    }[];
    return found?.quick_check === 'ok' ? undefined : (found?.quick_check ?? 'no answer');
  } catch (error) {
    if (statSync(filePath, { throwIfNoEntry: false }) === undefined) return 'the file is missing';
    if (tellsDamage(getCode(error))) return (error as Error).message;
    throw error;
  } finally {
    connection?.close();
  }
}

async function copy(source: string, target: string): Promise<WrittenCopy> {
  const problem = findProblem(source);
  if (problem !== undefined) throw new DamagedError(problem);
  const plain = `${target}.plain`;
  await rm(plain, { force: true });
  try {
    const connection = new Database(source, {
      readonly: true,
      fileMustExist: true,
      timeout: 10_000,
    });
    try {
      // One state of the database, whoever writes to it meanwhile; without its free pages, and in one file.
      connection.prepare('vacuum into ?').run(plain);
    } finally {
      connection.close();
    }
    const copied = findProblem(plain);
    // The source was whole: it is the disk, or the room, of the copy.
    if (copied !== undefined) throw new Error(`the copy is not whole: ${copied}`);
    const databaseBytes = (await stat(plain)).size;
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        sizeBytes += chunk.byteLength;
        done(null, chunk);
      },
    });
    const output = createWriteStream(target, { flags: 'wx', mode: 0o600 });
    await pipeline(createReadStream(plain), createGzip({ level: 1 }), measure, output);
    const file = await open(target, 'r+');
    await file.sync();
    await file.close();
    return { sizeBytes, sha256: hash.digest('hex'), databaseBytes };
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    await rm(plain, { force: true });
    await rm(`${plain}-journal`, { force: true });
  }
}

class DamagedError extends Error {}

async function run(task: DatabaseTask): Promise<DatabaseTaskAnswer> {
  try {
    if (task.kind === 'check')
      return { kind: 'checked', problem: findProblem(task.source) ?? null };
    return { kind: 'copied', copy: await copy(task.source, task.target) };
  } catch (error) {
    const code = getCode(error);
    const isDamaged = error instanceof DamagedError || tellsDamage(code);
    return { kind: 'failed', isDamaged, code, message: (error as Error).message };
  }
}

parentPort?.postMessage(await run(workerData as DatabaseTask));
