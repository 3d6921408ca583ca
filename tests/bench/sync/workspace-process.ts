// Workspaces in a process of their own: the part of the app that keeps data and synchronises, without an interface.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import { domainTables } from '../../../src/shared/database/domain-tables.ts';
import {
  openTestInstallation,
  type TestInstallation,
  uuid,
} from '../../support/sync/test-installation.ts';
import { createMadeBefore, makeChange } from './make-change.ts';
import {
  type AnswerMessage,
  type CommandMessage,
  readMachineMs,
  type SyncReport,
  type WorkspaceCommand,
  type WorkspaceCommands,
} from './workspace-commands.ts';

type Handlers = {
  [Command in WorkspaceCommand]: (
    input: WorkspaceCommands[Command]['input'],
  ) => Promise<WorkspaceCommands[Command]['output']>;
};

/** Whether all is in step is asked when something happened, as an interface would; and after this long at the latest. */
const pollMs = 100;
/** Lets the histogram of delays see the last stretch as well. */
const settleMs = 10;
/** Between two of these questions, for each workspace asked about: what is measured is the work, not the asking. */
const restMs = 5;
const installations: TestInstallation[] = [];
const seen: { id: string; atMs: number }[] = [];

function getSeat(installation: TestInstallation | undefined): Seat {
  const seat = installation?.seats.list()[0];
  if (seat === undefined) throw new Error('there is no seat in this installation');
  return seat;
}

async function getTaskId(seat: Seat): Promise<string> {
  const task = await seat.db
    .selectFrom('tasks')
    .select('id')
    .where('cancelledAt', 'is', null)
    .orderBy('id')
    .executeTakeFirstOrThrow();
  return task.id;
}

async function synchronise(timeoutMs: number): Promise<SyncReport> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  const problems = new Set<string>();
  let attentionCount = 0;
  const beganMs = performance.now();
  delays.enable();
  for (const { sync } of installations) sync.start();
  let waiting = [...installations];
  for (;;) {
    const unfinished: TestInstallation[] = [];
    for (const installation of waiting) {
      const state = await installation.sync.computeSeatSync(getSeat(installation).record.seatId);
      if (state.lastProblem !== null) problems.add(state.lastProblem);
      if (state.state === 'attention') attentionCount += state.attentionCount;
      else if (!state.isOnline || state.waitingChanges > 0 || state.lastSyncedAt === null)
        unfinished.push(installation);
    }
    waiting = unfinished;
    if (waiting.length === 0) break;
    if (performance.now() - beganMs > timeoutMs)
      throw new Error(
        `${waiting.length} workspaces were not in step after ${timeoutMs} ms: ${[...problems].join('; ')}`,
      );
    await Promise.race([waitForEvent(), wait(pollMs)]);
    await wait(restMs * waiting.length);
  }
  const elapsedMs = performance.now() - beganMs;
  await wait(settleMs);
  delays.disable();
  return {
    elapsedMs,
    blockedMs: delays.max / 1e6,
    heldRows: countRows(),
    attentionCount,
    problems: [...problems],
  };
}

let tellEvent: () => void = () => undefined;

const waitForEvent = (): Promise<void> =>
  new Promise((resolve) => {
    tellEvent = resolve;
  });

/** Hears of everything that an installation tells its interface. */
function hearEvents(installation: TestInstallation): void {
  const push = installation.events.push.bind(installation.events);
  installation.events.push = (...events) => {
    tellEvent();
    return push(...events);
  };
}

function countRows(): number {
  let count = 0;
  for (const installation of installations) {
    const { connection } = getSeat(installation).opened;
    for (const table of domainTables)
      count += connection.prepare(`select count(*) from "${table}"`).pluck().get() as number;
  }
  return count;
}

const handlers: Handlers = {
  async open({ folders }) {
    for (const folder of folders) {
      const installation = await openTestInstallation(folder);
      hearEvents(installation);
      installations.push(installation);
    }
    return null;
  },
  synchronise: ({ timeoutMs }) => synchronise(timeoutMs),
  async change({ count }) {
    for (const installation of installations) {
      const seat = getSeat(installation);
      const taskId = await getTaskId(seat);
      // It is not measured how long it took to make them.
      seat.opened.connection.pragma('synchronous = OFF');
      const last = createMadeBefore();
      for (let number = 0; number < count; number += 1)
        await makeChange(seat, taskId, number, last);
    }
    return null;
  },
  async recordTime() {
    const seat = getSeat(installations[0]);
    const taskId = await getTaskId(seat);
    const id = uuid();
    const atMs = readMachineMs();
    await seat.mutate(
      'time.add',
      {
        timeEntryId: id,
        taskId,
        startedAt: new Date(Date.now() - 60_000).toISOString(),
        endedAt: new Date().toISOString(),
        zone: 'Europe/Berlin',
        source: 'manual',
        note: 'Looked at one more shop.',
      },
      { subject: 'Time' },
    );
    return { id, atMs };
  },
  async watch() {
    const [installation] = installations;
    if (installation === undefined) throw new Error('nothing is open');
    const { connection } = getSeat(installation).opened;
    // Rows that are new here have a greater row number than all that were there, whatever their ids.
    const find = connection.prepare(
      'select rowid as number, id from "timeEntries" where rowid > ? order by rowid',
    );
    let newest =
      (connection.prepare('select max(rowid) from "timeEntries"').pluck().get() as number | null) ??
      0;
    const push = installation.events.push.bind(installation.events);
    installation.events.push = (...events) => {
      if (
        events.some((event) => event.type === 'changed' && event.tables.includes('timeEntries'))
      ) {
        const atMs = readMachineMs();
        for (const { number, id } of find.all(newest) as { number: number; id: string }[]) {
          seen.push({ id, atMs });
          newest = number;
        }
      }
      return push(...events);
    };
    return await Promise.resolve(null);
  },
  listSeen: () => Promise.resolve(seen.splice(0)),
  async close() {
    await Promise.all(installations.splice(0).map((installation) => installation.close()));
    return null;
  },
};

process.on('message', ({ number, command, input }: CommandMessage) => {
  // Who asked may have gone meanwhile; there is nobody left to tell.
  const answer = (message: Omit<AnswerMessage, 'number'>) =>
    process.send?.({ number, ...message }, () => undefined);
  (handlers[command] as (value: unknown) => Promise<unknown>)(input).then(
    (output) => answer({ output }),
    (error: unknown) =>
      answer({ problem: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

process.once('disconnect', () => process.exit(0));
