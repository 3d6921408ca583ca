import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listMemoryFaults, listTransferFaults, proveLargeFile } from './prove-large-file.ts';

const units = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** @throws with words for the person */
export function parseSize(text: string): number {
  const [, number, unit] = /^(\d+)(KiB|MiB|GiB)$/.exec(text) ?? [];
  if (number === undefined || unit === undefined)
    throw new Error(`--size: expected a size such as 5GiB or 64MiB, found "${text}"`);
  return Number(number) * units[unit as keyof typeof units];
}

/** Takes a file of this size through kills and restarts, and says what came of it. Answers whether everything held. */
export async function runLargeFile(sizeBytes: number, seed: number): Promise<boolean> {
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
    return faults.length === 0;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
