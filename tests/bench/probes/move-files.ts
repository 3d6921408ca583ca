// One step of a file's way, in a process of its own: taking it in, handing it in, sending it, fetching it. Prints how
// long it took in a line of JSON, with the most memory that the process had.
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { openDemoWorkspace } from '../../../src/cli/demo/demo-workspace.ts';
import { askEngine } from '../../../src/main/sample/ask-engine.ts';
import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import type { ManifestFile } from '../../../src/shared/domain/manifest.ts';
import {
  openTestInstallation,
  settle,
  type TestInstallation,
  uuid,
} from '../../support/sync/test-installation.ts';
import { type AssignedTask, submit } from '../../support/sync/test-organization.ts';

export type MoveStep = 'import' | 'handIn' | 'send' | 'fetch';

const settlePatienceMs = 120_000;
const lookMs = 25;
/** As many as one submission may name. */
const submissionFiles = 2000;

const [step = '', folder = '', listPath = '', argument = ''] = process.argv.slice(2);

const steps: Record<MoveStep, () => Promise<number>> = {
  async import() {
    const { engine, close } = await openDemoWorkspace(folder, 'Europe/Lisbon', '0.0.0-bench');
    const beganMs = performance.now();
    const { files, skipped } = await askEngine(engine, 'files.importPaths', { paths: [argument] });
    const elapsedMs = performance.now() - beganMs;
    if (skipped.length > 0) throw new Error(`${skipped.length} files were left out`);
    await writeFile(listPath, JSON.stringify(files));
    await close();
    return elapsedMs;
  },
  async handIn() {
    const files = (await readList()).map((file) => ({ ...file, attachmentId: uuid() }));
    const tasks = JSON.parse(argument) as AssignedTask[];
    return await withInstallation(async (_installation, seat) => {
      for (const [index, task] of tasks.entries()) {
        const own = files.slice(index * submissionFiles, (index + 1) * submissionFiles);
        if (own.length > 0) await submit(seat, task, { files: own });
      }
      return 0;
    });
  },
  send: () =>
    withInstallation(async (installation, seat) => {
      installation.sync.control.pause();
      installation.sync.start();
      const pending = seat.opened.connection
        .prepare(`select count(*) from "outboxStates" where "state" <> 'settled'`)
        .pluck();
      // The submissions are on the server, and have come back from it; their files are what is measured.
      await waitUntil(async () => pending.get() === 0);
      const count = seat.opened.connection
        .prepare('select count(*) from "uploads" where "finishedAt" is null')
        .pluck();
      const beganMs = performance.now();
      installation.sync.control.resume();
      await waitUntil(async () => count.get() === 0);
      return performance.now() - beganMs;
    }),
  fetch: () =>
    withInstallation(async (installation, seat) => {
      const list = await readList();
      installation.sync.control.pause();
      installation.sync.start();
      await waitUntil(async () => {
        const { arrived } = await seat.db
          .selectFrom('attachments')
          .select((row) => row.fn.countAll<number>().as('arrived'))
          .where('arrivedAt', 'is not', null)
          .executeTakeFirstOrThrow();
        return arrived >= list.length;
      });
      const beganMs = performance.now();
      if (list.length === 1)
        for (const { sha256, sizeBytes } of list)
          await installation.sync.fetchFile(seat.record.seatId, sha256, sizeBytes);
      else {
        installation.sync.control.resume();
        await settle(installation, settlePatienceMs);
      }
      const elapsedMs = performance.now() - beganMs;
      for (const { sha256 } of list)
        if (!(await installation.files.has(sha256))) throw new Error(`${sha256} did not arrive`);
      return elapsedMs;
    }),
};

async function readList(): Promise<ManifestFile[]> {
  const staged = JSON.parse(await readFile(listPath, 'utf8')) as ManifestFile[];
  return staged.map(({ name, sha256, sizeBytes, mediaType }) => ({
    attachmentId: '',
    name,
    sha256,
    sizeBytes,
    mediaType,
  }));
}

async function withInstallation(
  action: (installation: TestInstallation, seat: Seat) => Promise<number>,
): Promise<number> {
  const installation = await openTestInstallation(folder);
  try {
    const [seat] = installation.seats.list();
    if (seat === undefined) throw new Error('there is no seat in this installation');
    return await action(installation, seat);
  } finally {
    await installation.close();
  }
}

async function waitUntil(condition: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + settlePatienceMs;
  while (!(await condition())) {
    if (performance.now() > untilMs) throw new Error(`${step} did not end`);
    await wait(lookMs);
  }
}

const elapsedMs = await steps[step as MoveStep]();
const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6;
console.log(JSON.stringify({ elapsedMs, peakMb }));
process.exit();
