import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ManifestFile } from '../../../src/shared/domain/manifest.ts';
import { fixedId } from '../../support/bundles/engagement-fixture.ts';
import type { Benchmark } from '../harness/benchmark.ts';

const run = promisify(execFile);
const probe = path.resolve(import.meta.dirname, '../probes/export-bundle.ts');
/** A trial of another size says so: its figures are no measure of 5 GB. */
const fileCount = Number(process.env['STINT_BENCH_BUNDLE_FILES'] ?? 10_000);
const totalBytes = fileCount * 500_000;
/** As far apart as zones are: the bytes must not depend on them. */
const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'];

/** 5 GB in 10,000 files, exported as a bundle by the workspace, each file checked against its hash on the way. */
export const bundle5g: Benchmark<'bundle.5g.mb_s' | 'bundle.5g.rss_mb'> = {
  measures: {
    'bundle.5g.mb_s': {
      unit: 'MB/s',
      what: 'an engagement with 10,000 files of 5 GB in all exported as a bundle, flushed to the disk; the same bytes in every round, in two time zones',
      peer: '`zip -0` and `sha256sum`, one after the other, over the same files',
    },
    'bundle.5g.rss_mb': {
      unit: 'MB',
      what: 'the most memory that the exporting process had, from its start; to stay below 200 MB',
    },
  },
  rounds: 3,
  prepare: async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'stint-bench-bundle-'));
    const filesFolder = path.join(folder, 'contents');
    const listFile = path.join(folder, 'list.json');
    await writeFile(listFile, JSON.stringify(await makeFiles(filesFolder)));
    let round = 0;
    let firstHash: string | undefined;
    return {
      runRound: async () => {
        round += 1;
        const own = path.join(folder, `workspace-${round}`);
        await mkdir(own);
        const runProbe = (act: 'prepare' | 'export') =>
          run(process.execPath, [...process.execArgv, probe, act, own, filesFolder, listFile], {
            env: { ...process.env, TZ: zones[round % zones.length] },
          });
        await runProbe('prepare');
        const { stdout } = await runProbe('export');
        const { sha256, durationMs, peakRssMb } = JSON.parse(stdout) as {
          sha256: string;
          durationMs: number;
          peakRssMb: number;
        };
        await rm(own, { recursive: true });
        firstHash ??= sha256;
        if (sha256 !== firstHash)
          throw new Error(`expected the bytes of the first round (${firstHash}), found ${sha256}`);
        const peerMs = await measurePeer(folder);
        return {
          'bundle.5g.mb_s': {
            value: computeRate(durationMs),
            peer: computeRate(peerMs),
          },
          'bundle.5g.rss_mb': { value: peakRssMb },
        };
      },
      dispose: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

const computeRate = (durationMs: number): number => totalBytes / 1e6 / (durationMs / 1000);

/** Contents as a workspace's files folder holds them, of 10 kB to 1 MB. */
async function makeFiles(filesFolder: string): Promise<ManifestFile[]> {
  const noise = randomBytes(1_000_000);
  const files: ManifestFile[] = [];
  let leftBytes = totalBytes;
  for (let index = 0; index < fileCount; index += 1) {
    const isLast = index === fileCount - 1;
    const sizeBytes = isLast ? leftBytes : 10_000 + ((index * 7919) % 980_001);
    leftBytes -= sizeBytes;
    const content = Buffer.from(noise.subarray(0, Math.min(sizeBytes, noise.byteLength)));
    const whole = sizeBytes > content.byteLength ? Buffer.alloc(sizeBytes, content) : content;
    whole.writeUInt32LE(index, 0);
    const sha256 = createHash('sha256').update(whole).digest('hex');
    await mkdir(path.join(filesFolder, sha256.slice(0, 2)), { recursive: true });
    await writeFile(path.join(filesFolder, sha256.slice(0, 2), sha256), whole);
    files.push({
      attachmentId: fixedId(1_000_000 + index),
      name: `part ${index}.bin`,
      sha256,
      sizeBytes,
      mediaType: 'application/octet-stream',
    });
  }
  return files;
}

async function measurePeer(folder: string): Promise<number> {
  const archive = path.join(folder, 'peer.zip');
  const startedMs = performance.now();
  await run('zip', ['-0', '-q', '-r', archive, 'contents'], { cwd: folder });
  await run('sh', ['-c', 'find contents -type f -print0 | xargs -0 sha256sum > peer.txt'], {
    cwd: folder,
  });
  const durationMs = performance.now() - startedMs;
  await rm(archive);
  return durationMs;
}
