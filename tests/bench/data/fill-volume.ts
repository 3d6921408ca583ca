import Database from 'better-sqlite3';
import { startLoopbackProcess } from '../harness/loopback-process.ts';
import { createSentence } from './believable-texts.ts';
import type { BenchmarkWorkspace } from './create-workspace.ts';
import { dayMs, instantOf, minuteMs } from './generated-row.ts';
import { SeededRandom } from './seeded-random.ts';

export interface Volume {
  readonly timeEntryCount: number;
  /** Up to the end of the present week, which holds as much on each of its days. Of one person alone there are some ten entries a day. */
  readonly spanDays?: number;
  /** Acts in the history, as an owner who looked at it has fetched them. */
  readonly actCount: number;
}

const seed = 20_260_911;
const yearDays = 330;

type AnyRow = Readonly<Record<string, unknown>>;

/**
 * Puts so many time entries in the place of those that a seat was made with, over the past year or so many days, and a third of them with
 * a note, and acts into its history.
 */
export function fillVolume(
  { databaseFile, orgId }: BenchmarkWorkspace,
  { timeEntryCount, spanDays = yearDays, actCount }: Volume,
): void {
  const connection = new Database(databaseFile);
  const random = new SeededRandom(seed);
  const untilMs = computeWeeksEndMs(Date.now());
  try {
    const samples = connection.prepare<[], AnyRow>('select * from "timeEntries"').all();
    connection.transaction(() => {
      connection.exec('delete from "timeEntries"');
      const insertEntry = createInsert(connection, 'timeEntries', Object.keys(samples[0] ?? {}));
      for (let index = 0; index < timeEntryCount; index += 1) {
        const startedMs =
          untilMs -
          random.integer(1, spanDays) * dayMs +
          random.integer(8 * 60, 20 * 60) * minuteMs;
        const endedAt = instantOf(startedMs + random.integer(5, 90) * minuteMs);
        insertEntry({
          ...random.pick(samples),
          id: random.uuid(startedMs),
          startedAt: instantOf(startedMs),
          endedAt,
          note: random.chance(1 / 3) ? createSentence(random) : '',
          createdAt: endedAt,
          updatedAt: endedAt,
        });
      }
      writeActs(connection, random, { orgId, actCount, untilMs: Date.now() });
    })();
  } finally {
    connection.close();
  }
}

/** The beginning of the next Monday, in UTC. The first of January 1970 was a Thursday. */
function computeWeeksEndMs(nowMs: number): number {
  const weekMs = 7 * dayMs;
  const firstMondayMs = 4 * dayMs;
  return Math.ceil((nowMs - firstMondayMs + 1) / weekMs) * weekMs + firstMondayMs;
}

function writeActs(
  connection: Database.Database,
  random: SeededRandom,
  { orgId, actCount, untilMs }: { orgId: string; actCount: number; untilMs: number },
): void {
  if (actCount === 0) return;
  const actors = connection
    .prepare<[string], { id: string }>('select "id" from "memberships" where "orgId" = ?')
    .all(orgId);
  const tasks = connection
    .prepare<[], { id: string; title: string }>('select "id", "title" from "tasks"')
    .all();
  const insert = createInsert(connection, 'historyEntries', [
    'seq',
    'mutationId',
    'name',
    'version',
    'argsJson',
    'argsHash',
    'actorMembershipId',
    'deviceId',
    'deviceName',
    'claimedAt',
    'receivedAt',
    'hash',
  ]);
  for (let seq = 1; seq <= actCount; seq += 1) {
    const atMs = untilMs - (actCount - seq) * 10 * minuteMs;
    const { id, title } = random.pick(tasks);
    insert({
      seq,
      mutationId: random.uuid(atMs),
      name: random.pick(['task.edit', 'brief.revise', 'review.create', 'time.add']),
      version: 1,
      argsJson: JSON.stringify({ taskId: id, patch: { title } }),
      argsHash: random.hexadecimal(64),
      actorMembershipId: random.pick(actors).id,
      deviceId: random.uuid(atMs),
      deviceName: random.pick(['Laptop', 'Desk', 'School computer']),
      claimedAt: instantOf(atMs),
      receivedAt: instantOf(atMs + 2_000),
      hash: random.hexadecimal(64),
    });
  }
  connection
    .prepare(`insert into "historyReach" values (1, ?, '', ?)`)
    .run(actCount, instantOf(untilMs));
}

function createInsert(
  connection: Database.Database,
  table: string,
  columns: readonly string[],
): (row: AnyRow) => void {
  const statement = connection.prepare(
    `insert into "${table}" (${columns.map((column) => `"${column}"`).join(', ')})
     values (${columns.map((column) => `@${column}`).join(', ')})`,
  );
  return (row) => void statement.run(row);
}

/** Lets a process of its own take everything into the search's index, and ends it. */
export async function buildSearchIndex({ folder }: BenchmarkWorkspace): Promise<void> {
  const host = startLoopbackProcess(folder);
  try {
    for (;;) {
      const { isComplete } = await host.request('search.find', { text: 'part' });
      if (isComplete) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } finally {
    await host.stop();
  }
}
