// npm run prove -- files [--size 5GiB] [--seed N]: see docs/benchmarks.md.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { listMemoryFaults, listTransferFaults, proveLargeFile } from './prove-large-file.ts';

const units = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** @throws with words for the person */
function parseSize(text: string): number {
  const [, number, unit] = /^(\d+)(KiB|MiB|GiB)$/.exec(text) ?? [];
  if (number === undefined || unit === undefined)
    throw new Error(`--size: expected a size such as 5GiB or 64MiB, found "${text}"`);
  return Number(number) * units[unit as keyof typeof units];
}

async function run(sizeBytes: number, seed: number): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), 'stint-proof-'));
  const beganMs = performance.now();
  try {
    const proof = await proveLargeFile({
      root,
      sizeBytes,
      seed,
      tell: (line) => console.log(line),
    });
    const faults = [...listTransferFaults(proof), ...listMemoryFaults(proof)];
    console.log(JSON.stringify({ seed, ...proof, faults }, null, 2));
    console.log(
      `${faults.length === 0 ? 'ok' : 'FAILED'} after ${((performance.now() - beganMs) / 1000).toFixed(0)} s, seed ${seed}`,
    );
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { size: { type: 'string', default: '5GiB' }, seed: { type: 'string', default: '1' } },
  });
  if (positionals.length !== 1 || positionals[0] !== 'files')
    throw new Error('Usage: npm run prove -- files [--size 5GiB] [--seed N]');
  await run(parseSize(values.size), Number(values.seed));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
