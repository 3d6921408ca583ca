import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { readProcessMemory } from '../harness/process-memory.ts';
import type { BenchStorage } from './bench-storage.ts';
import {
  type BenchmarkOrganization,
  moveInstallation,
  writeInstallation,
} from './server-fixture.ts';
import { WorkspaceChild } from './workspace-child.ts';

const patienceMs = 3_600_000;

/** An intern's workspace that is in step but for `count` changes made offline; answers the folder to copy. */
export async function preparePush(
  storage: BenchStorage,
  organization: BenchmarkOrganization,
  folder: string,
  count: number,
): Promise<string> {
  const [intern] = organization.interns;
  if (intern === undefined) throw new Error('the organization has no intern');
  const template = path.join(folder, `push-${count}`);
  const server = await storage.startOnTemplate();
  try {
    await writeInstallation(template, server.url, organization, intern);
    const online = await WorkspaceChild.open([template]);
    await online.ask('synchronise', { timeoutMs: patienceMs });
    await online.stop();
  } finally {
    await server.stop();
  }
  const offline = await WorkspaceChild.open([template]);
  await offline.ask('change', { count });
  await offline.stop();
  return template;
}

/** Pushes what the template holds, until all of it is settled. */
export async function measurePush(
  storage: BenchStorage,
  template: string,
): Promise<{ elapsedMs: number; blockedMs: number; clientMb: number; serverMb: number }> {
  const copy = await storage.copy();
  const installation = `${template}-round`;
  await cp(template, installation, { recursive: true });
  const server = await copy.startServer();
  try {
    await moveInstallation(installation, server.url);
    const child = await WorkspaceChild.open([installation]);
    try {
      const { elapsedMs, blockedMs, attentionCount, problems } = await child.ask('synchronise', {
        timeoutMs: patienceMs,
      });
      if (attentionCount > 0 || problems.length > 0)
        throw new Error(`not everything was taken: ${attentionCount}, ${problems.join('; ')}`);
      return {
        elapsedMs,
        blockedMs,
        clientMb: child.readMemory().peakMb,
        serverMb: readProcessMemory(server.pid).peakMb,
      };
    } finally {
      await child.stop();
    }
  } finally {
    await server.stop();
    await copy.remove();
    await rm(installation, { recursive: true, force: true });
  }
}
