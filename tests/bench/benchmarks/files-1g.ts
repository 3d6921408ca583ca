import { execFile } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { measureCourse } from '../files/file-course.ts';
import { measureCopy, measureHash } from '../files/measure-raw.ts';
import type { Benchmark } from '../harness/benchmark.ts';
import { startLineProcess } from '../harness/line-process.ts';
import { createBenchFolder } from '../sync/bench-folder.ts';

const run = promisify(execFile);
const sizeBytes = 1024 ** 3;
const pieceBytes = 1024 ** 2;
const bareServer = path.resolve(import.meta.dirname, '../probes/bare-tus-server.ts');
const bareClient = path.resolve(import.meta.dirname, '../probes/bare-tus-client.ts');

/** One file of 1 GiB from a workspace by way of the server to another workspace. */
export const files1g: Benchmark<
  | 'files.import.1g.mb_s'
  | 'files.upload.1g.mb_s'
  | 'files.download.1g.mb_s'
  | 'files.1g.sha256.mb_s'
  | 'files.1g.rss_mb'
> = {
  measures: {
    'files.import.1g.mb_s': {
      unit: 'MB/s',
      what: 'a file of 1 GiB taken in: copied, hashed, on the disk, and staged',
      limit: '`cp` of the same file and fsync',
    },
    'files.upload.1g.mb_s': {
      unit: 'MB/s',
      what: 'the same file sent to the server, verified there, on its disk, and granted',
      limit: '`cp` of the same file and fsync',
      peer: 'a bare tus client and server (@tus/server with @tus/file-store) in two processes: no hash, no fsync, one request',
    },
    'files.download.1g.mb_s': {
      unit: 'MB/s',
      what: 'the same file fetched by another workspace, verified, and on its disk',
      limit: '`cp` of the same file and fsync',
      peer: 'fetched from the bare tus server into a file: no hash, no fsync',
    },
    'files.1g.sha256.mb_s': { unit: 'MB/s', what: 'the SHA-256 of the same file alone, in Node' },
    'files.1g.rss_mb': {
      unit: 'MB',
      what: 'the most memory that a process with a workspace had; to stay below 200 MB',
    },
  },
  rounds: 3,
  prepare: async () => {
    const folder = await createBenchFolder();
    const source = path.join(folder.path, 'recording.mp4');
    await pipeline(Readable.from(generate()), createWriteStream(source));
    await run('sync', ['-f', source]);
    return {
      runRound: async () => {
        const limit = computeRate(await measureCopy(source, path.join(folder.path, 'copy')));
        const hashMs = await measureHash(source);
        const bare = await measureBare(path.join(folder.path, 'bare'), source);
        const own = path.join(folder.path, 'course');
        const { importMs, sendMs, fetchMs, peakMb } = await measureCourse(own, source, 1);
        await rm(own, { recursive: true });
        return {
          'files.import.1g.mb_s': { value: computeRate(importMs), limit },
          'files.upload.1g.mb_s': {
            value: computeRate(sendMs),
            limit,
            peer: computeRate(bare.uploadMs),
          },
          'files.download.1g.mb_s': {
            value: computeRate(fetchMs),
            limit,
            peer: computeRate(bare.downloadMs),
          },
          'files.1g.sha256.mb_s': { value: computeRate(hashMs) },
          'files.1g.rss_mb': { value: peakMb },
        };
      },
      dispose: () => folder.remove(),
    };
  },
};

const computeRate = (elapsedMs: number): number => sizeBytes / 1e6 / (elapsedMs / 1000);

/** Bytes that no disk can make smaller. */
function* generate(): Generator<Buffer> {
  const cipher = createCipheriv('aes-256-ctr', randomBytes(32), Buffer.alloc(16));
  const zeros = Buffer.alloc(pieceBytes);
  for (let bytes = 0; bytes < sizeBytes; bytes += pieceBytes) yield cipher.update(zeros);
}

async function measureBare(
  folder: string,
  source: string,
): Promise<{ uploadMs: number; downloadMs: number }> {
  await mkdir(folder);
  const server = startLineProcess(process.execPath, ['--no-warnings', bareServer, folder]);
  try {
    const { url } = await server.firstJson;
    const { stdout } = await run(process.execPath, [
      '--no-warnings',
      bareClient,
      String(url),
      source,
      path.join(folder, 'fetched'),
    ]);
    return JSON.parse(stdout) as { uploadMs: number; downloadMs: number };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}
