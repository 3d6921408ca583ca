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
/** The workspaces live in this many processes: as many as use both cores, and leave memory for the server. */
const processCount = 4;

function splitAmong<Value>(values: readonly Value[], count: number): Value[][] {
  return Array.from({ length: count }, (_, index) =>
    values.filter((_value, position) => position % count === index),
  );
}

/** One workspace for each intern, in step but for `changeCount` changes made during the outage. */
export async function prepareHerd(
  storage: BenchStorage,
  organization: BenchmarkOrganization,
  folder: string,
  changeCount: number,
): Promise<string> {
  const template = path.join(folder, 'herd');
  const folders = organization.interns.map((_, index) => path.join(template, String(index)));
  const server = await storage.startOnTemplate();
  const parts = splitAmong(folders, processCount);
  try {
    for (const [index, person] of organization.interns.entries())
      await writeInstallation(folders[index] ?? '', server.url, organization, person);
    for (const part of parts) {
      const child = await WorkspaceChild.open(part);
      await child.ask('synchronise', { timeoutMs: patienceMs });
      await child.stop();
    }
  } finally {
    await server.stop();
  }
  for (const part of parts) {
    const child = await WorkspaceChild.open(part);
    await child.ask('change', { count: changeCount });
    await child.stop();
  }
  return template;
}

/** All of them come back in the same moment. Answers when the last was settled, and the server's most memory. */
export async function measureHerd(
  storage: BenchStorage,
  organization: BenchmarkOrganization,
  template: string,
): Promise<{ elapsedMs: number; serverMb: number }> {
  const copy = await storage.copy();
  const round = `${template}-round`;
  await cp(template, round, { recursive: true });
  const server = await copy.startServer();
  const children: WorkspaceChild[] = [];
  try {
    const folders = organization.interns.map((_, index) => path.join(round, String(index)));
    for (const folder of folders) await moveInstallation(folder, server.url);
    for (const part of splitAmong(folders, processCount))
      children.push(await WorkspaceChild.open(part));
    const beganMs = performance.now();
    const reports = await Promise.all(
      children.map((child) => child.ask('synchronise', { timeoutMs: patienceMs })),
    );
    const elapsedMs = performance.now() - beganMs;
    const problems = reports.flatMap((report) => report.problems);
    const attentionCount = reports.reduce((sum, report) => sum + report.attentionCount, 0);
    if (problems.length > 0 || attentionCount > 0)
      throw new Error(`people saw ${attentionCount} refusals and: ${problems.join('; ')}`);
    return { elapsedMs, serverMb: readProcessMemory(server.pid).peakMb };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await server.stop();
    await copy.remove();
    await rm(round, { recursive: true, force: true });
  }
}
