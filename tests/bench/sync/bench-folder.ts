import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export async function createBenchFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const created = await mkdtemp(path.join(tmpdir(), 'stint-bench-'));
  return { path: created, remove: () => rm(created, { recursive: true, force: true }) };
}
