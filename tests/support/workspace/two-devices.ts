import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import type { ManifestFile } from '../../../src/shared/domain/manifest.ts';
import type { RunningServer } from '../../../src/server/start-server.ts';
import {
  makeTemporaryFolder,
  openTestInstallation,
  settle,
  uuid,
} from '../sync/test-installation.ts';
import {
  type AssignedTask,
  setUpPair,
  signInAgain,
  startTestServer,
  submit,
} from '../sync/test-organization.ts';

/** An intern with a task and two devices that are in step with a server, both closed. */
export interface TwoDevices {
  readonly root: string;
  readonly serverFolder: string;
  readonly server: RunningServer;
  readonly first: string;
  readonly second: string;
  readonly employer: string;
  readonly task: AssignedTask;
}

export async function setUpTwoDevices(): Promise<TwoDevices> {
  const { path: root, remove } = await makeTemporaryFolder();
  onTestFinished(remove);
  const serverFolder = join(root, 'server');
  const server = await startTestServer(serverFolder);
  onTestFinished(() => server.close());
  const [employer, first, second] = [join(root, 'employer'), join(root, 'one'), join(root, 'two')];
  const desk = await openTestInstallation(employer);
  const one = await openTestInstallation(first);
  const pair = await setUpPair(desk, one, server.url);
  const two = await openTestInstallation(second);
  await signInAgain(two, server.url, pair.internEmail);
  two.sync.start();
  await settle(two);
  for (const installation of [desk, one, two]) await installation.close();
  return { root, serverFolder, server, first, second, employer, task: pair.task };
}

export interface OfflineWork {
  readonly submissionId: string;
  readonly timeEntryId: string;
  readonly file: ManifestFile;
}

/** Work done on a device that does not reach its server: hours, and a submission with a file. */
export async function workOffline(
  folder: string,
  task: AssignedTask,
  content = 'fifty answers',
): Promise<OfflineWork> {
  const installation = await openTestInstallation(folder);
  const [seat] = installation.seats.list();
  if (seat === undefined) throw new Error('there is no seat in this folder');
  const stored = await installation.files.importStream(streamOf(content));
  const file = { attachmentId: uuid(), name: 'answers.txt', mediaType: 'text/plain', ...stored };
  const submissionId = await submit(seat, task, { note: content, files: [file] });
  const timeEntryId = uuid();
  await seat.mutate(
    'time.add',
    {
      timeEntryId,
      taskId: task.taskId,
      startedAt: '2026-03-02T09:00:00.000Z',
      endedAt: '2026-03-02T10:00:00.000Z',
      zone: 'Europe/Lisbon',
      note: 'Asked people',
      source: 'manual',
    },
    { subject: 'Survey prices' },
  );
  await installation.close();
  return { submissionId, timeEntryId, file };
}

async function* streamOf(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}

/** Rows of a server's or a seat's SQLite file, read beside whoever has it open. */
export function listRows(file: string, query: string): Record<string, unknown>[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(query).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}
