import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { measureCourse } from '../files/file-course.ts';
import { measureFolderCopy } from '../files/measure-raw.ts';
import { startRsyncDaemon } from '../files/rsync-daemon.ts';
import type { Benchmark } from '../harness/benchmark.ts';
import { createBenchFolder } from '../sync/bench-folder.ts';

const run = promisify(execFile);
const fileCount = 10_000;
const fileBytes = 10 * 1024;
const folderFiles = 500;
/** A submission names 2,000 files at most. */
const taskCount = 5;
const folderCopy = '`cp -r` of the same folder and `sync -f`';

/** 10,000 files of 10 KiB from a workspace by way of the server to another workspace. */
export const filesSmall: Benchmark<
  | 'files.small.10k.ms'
  | 'files.small.10k.import_ms'
  | 'files.small.10k.download_ms'
  | 'files.small.10k.beside_plain_rsync_ms'
> = {
  measures: {
    'files.small.10k.ms': {
      unit: 'ms',
      what: '10,000 files of 10 KiB sent to the server, each verified there, on its disk, and granted',
      limit: folderCopy,
      peer: 'the same folder sent to an rsync daemon over loopback (rsync -r --fsync): on its disk, not verified',
    },
    'files.small.10k.import_ms': {
      unit: 'ms',
      what: 'the same files taken in as a folder: copied, hashed, on the disk, and staged',
      limit: folderCopy,
    },
    'files.small.10k.download_ms': {
      unit: 'ms',
      what: 'the same files fetched by another workspace, verified, and on its disk',
      limit: folderCopy,
    },
    'files.small.10k.beside_plain_rsync_ms': {
      unit: 'ms',
      what: 'files.small.10k.ms once more, beside what promises less',
      peer: 'rsync -r, which flushes nothing: what it says is there may be lost in a power cut',
    },
  },
  rounds: 3,
  prepare: async () => {
    const folder = await createBenchFolder();
    const source = path.join(folder.path, 'photos');
    await makeFiles(source);
    const rsync = await startRsyncDaemon(folder.path);
    let round = 0;
    return {
      runRound: async () => {
        round += 1;
        const limit = await measureFolderCopy(source, path.join(folder.path, 'copy'));
        const peer = await rsync?.measure(source, `round-${round}`, true);
        const unflushed = await rsync?.measure(source, `round-${round}-unflushed`, false);
        const own = path.join(folder.path, 'course');
        const { importMs, sendMs, fetchMs } = await measureCourse(own, source, taskCount);
        await rm(own, { recursive: true });
        return {
          'files.small.10k.ms': { value: sendMs, limit, ...(peer === undefined ? {} : { peer }) },
          'files.small.10k.import_ms': { value: importMs, limit },
          'files.small.10k.download_ms': { value: fetchMs, limit },
          'files.small.10k.beside_plain_rsync_ms': {
            value: sendMs,
            ...(unflushed === undefined ? {} : { peer: unflushed }),
          },
        };
      },
      dispose: async () => {
        await rsync?.stop();
        await folder.remove();
      },
    };
  },
};

async function makeFiles(source: string): Promise<void> {
  for (let start = 0; start < fileCount; start += folderFiles) {
    const folder = path.join(source, `day ${start / folderFiles + 1}`);
    await mkdir(folder, { recursive: true });
    for (let index = start; index < start + folderFiles; index += 1)
      await writeFile(path.join(folder, `photo ${index}.raw`), randomBytes(fileBytes));
  }
  await run('sync', ['-f', source]);
}
