import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readProcessMemory } from '../harness/process-memory.ts';
import type { BenchStorage } from './bench-storage.ts';
import { type BenchmarkOrganization, writeInstallation } from './server-fixture.ts';
import { WorkspaceChild } from './workspace-child.ts';

export interface FirstSyncFigures {
  readonly elapsedMs: number;
  readonly blockedMs: number;
  readonly clientMb: number;
  readonly serverMb: number;
}

const patienceMs = 3_600_000;

/** The owner's empty workspace fetches everything from a server that was just started; each a process of its own. */
export async function measureFirstSync(
  storage: BenchStorage,
  organization: BenchmarkOrganization,
  folder: string,
): Promise<FirstSyncFigures> {
  const copy = await storage.copy();
  const server = await copy.startServer();
  try {
    const installation = path.join(folder, 'first');
    await writeInstallation(installation, server.url, organization, organization.owner);
    const child = await WorkspaceChild.open([installation]);
    try {
      const report = await child.ask('synchronise', { timeoutMs: patienceMs });
      if (report.heldRows !== organization.rows.length)
        throw new Error(
          `expected ${organization.rows.length} rows in the workspace, found ${report.heldRows}`,
        );
      return {
        elapsedMs: report.elapsedMs,
        blockedMs: report.blockedMs,
        clientMb: child.readMemory().peakMb,
        serverMb: readProcessMemory(server.pid).peakMb,
      };
    } finally {
      await child.stop();
    }
  } finally {
    await server.stop();
    await copy.remove();
    await rm(path.join(folder, 'first'), { recursive: true, force: true });
  }
}
