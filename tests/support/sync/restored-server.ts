import { cp, rm } from 'node:fs/promises';
import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import type { RunningServer } from '../../../src/server/start-server.ts';
import { settle, type TestInstallation, uuid } from './test-installation.ts';
import { startTestServer } from './test-organization.ts';

/** Copies a server's folder, `server` in this one, to `backup`, and answers the server started again on its port. */
export async function backUpTestServer(
  server: RunningServer,
  folder: string,
): Promise<RunningServer> {
  const port = Number(new URL(server.url).port);
  await server.close();
  await cp(`${folder}/server`, `${folder}/backup`, { recursive: true });
  return startTestServer(`${folder}/server`, port);
}

/** Puts what was backed up in the server's place. */
export async function restoreTestServer(
  server: RunningServer,
  folder: string,
): Promise<RunningServer> {
  const port = Number(new URL(server.url).port);
  await server.close();
  await rm(`${folder}/server`, { recursive: true });
  await cp(`${folder}/backup`, `${folder}/server`, { recursive: true });
  return startTestServer(`${folder}/server`, port);
}

/** Half an hour of work. @returns the entry's id */
export async function addHalfHour(seat: Seat, taskId: string, note: string): Promise<string> {
  const timeEntryId = uuid();
  await seat.mutate(
    'time.add',
    {
      timeEntryId,
      taskId,
      startedAt: '2026-05-04T09:00:00.000Z',
      endedAt: '2026-05-04T09:30:00.000Z',
      zone: 'Europe/Lisbon',
      source: 'manual',
      note,
    },
    { subject: note },
  );
  return timeEntryId;
}

/** Twice: what one sends in the first round, the others fetch in the second. */
export async function settleAll(...installations: TestInstallation[]): Promise<void> {
  for (let round = 0; round < 2; round += 1)
    for (const installation of installations) await settle(installation);
}
