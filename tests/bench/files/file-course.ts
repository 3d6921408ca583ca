import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { nodeFlags } from '../../../scripts/node-flags.mjs';
import { openTestInstallation, settle } from '../../support/sync/test-installation.ts';
import {
  type AssignedTask,
  assignTask,
  inviteToProject,
  join,
  setUpOrganization,
} from '../../support/sync/test-organization.ts';
import type { MoveStep } from '../probes/move-files.ts';
import { startServerChild } from '../sync/server-child.ts';

const run = promisify(execFile);
const program = path.resolve(import.meta.dirname, '../probes/move-files.ts');

export interface CourseTimes {
  readonly importMs: number;
  readonly sendMs: number;
  readonly fetchMs: number;
  readonly peakMb: number;
}

/**
 * Takes what lies at `source` from an intern's workspace by way of a server to the employer's: each of the three a
 * process of its own, all of them new below `folder`.
 */
export async function measureCourse(
  folder: string,
  source: string,
  taskCount: number,
): Promise<CourseTimes> {
  const [desk, laptop] = [path.join(folder, 'desk'), path.join(folder, 'laptop')];
  const list = path.join(folder, 'list.json');
  await mkdir(folder, { recursive: true });
  const server = await startServerChild(path.join(folder, 'server'));
  try {
    const tasks = await setUp(desk, laptop, server.url, taskCount);
    const importing = await move('import', laptop, list, source);
    await move('handIn', laptop, list, JSON.stringify(tasks));
    const sending = await move('send', laptop, list);
    const fetching = await move('fetch', desk, list);
    return {
      importMs: importing.elapsedMs,
      sendMs: sending.elapsedMs,
      fetchMs: fetching.elapsedMs,
      peakMb: Math.max(importing.peakMb, sending.peakMb, fetching.peakMb),
    };
  } finally {
    await server.stop();
  }
}

async function move(
  step: MoveStep,
  folder: string,
  list: string,
  argument = '',
): Promise<{ elapsedMs: number; peakMb: number }> {
  const { stdout } = await run(process.execPath, [
    '--no-warnings',
    ...nodeFlags,
    program,
    step,
    folder,
    list,
    argument,
  ]);
  return JSON.parse(stdout) as { elapsedMs: number; peakMb: number };
}

async function setUp(
  deskFolder: string,
  laptopFolder: string,
  serverUrl: string,
  taskCount: number,
): Promise<AssignedTask[]> {
  const desk = await openTestInstallation(deskFolder);
  const laptop = await openTestInstallation(laptopFolder);
  try {
    const employer = await setUpOrganization(desk, serverUrl);
    const { engagementId, code } = await inviteToProject(employer);
    desk.sync.start();
    await settle(desk);
    await join(laptop, serverUrl, code);
    const tasks: AssignedTask[] = [];
    for (let index = 0; index < taskCount; index += 1)
      tasks.push(await assignTask(employer, engagementId, { title: `Part ${index + 1}` }));
    await settle(desk);
    laptop.sync.start();
    await settle(laptop);
    return tasks;
  } finally {
    await laptop.close();
    await desk.close();
  }
}
