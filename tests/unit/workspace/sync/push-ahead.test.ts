import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { PushPace } from '../../../../src/main/workspace/sync/push-pace.ts';
import { pushPending } from '../../../../src/main/workspace/sync/push.ts';
import { ServerClient } from '../../../../src/main/workspace/sync/server-client.ts';
import type { RunningServer } from '../../../../src/server/start-server.ts';
import type { WireMutation } from '../../../../src/shared/protocol/push.ts';
import { maximumPushMutations } from '../../../../src/shared/protocol/version.ts';
import {
  makeTemporaryFolder,
  openTestInstallation,
  type TestInstallation,
  uuid,
} from '../../../support/sync/test-installation.ts';
import {
  type AssignedTask,
  setUpPair,
  startTestServer,
} from '../../../support/sync/test-organization.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let server: RunningServer;
let desk: TestInstallation;
let laptop: TestInstallation;
let intern: Seat;
let task: AssignedTask;
let client: ServerClient;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  server = await startTestServer(`${temporary.path}/server`);
  desk = await openTestInstallation(`${temporary.path}/desk`);
  laptop = await openTestInstallation(`${temporary.path}/laptop`);
  ({ intern, task } = await setUpPair(desk, laptop, server.url));
  await laptop.sync.stop();
  const found = await laptop.accounts.findClient(intern.record.accountKey);
  if (found === undefined) throw new Error('the intern is not signed in');
  client = found;
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const installation of [desk, laptop]) await installation.close();
  await server.close();
  await temporary.remove();
});

const now = () => new Date().toISOString();

async function addTime(note = ''): Promise<string> {
  const timeEntryId = uuid();
  await intern.mutate(
    'time.add',
    {
      timeEntryId,
      taskId: task.taskId,
      startedAt: '2026-05-04T09:00:00.000Z',
      endedAt: '2026-05-04T09:30:00.000Z',
      zone: 'Europe/Lisbon',
      source: 'manual',
      note,
    },
    { subject: 'time' },
  );
  return timeEntryId;
}

/** How many changes are in each state; pushed ones that go with the scene included. */
async function countStates(): Promise<Record<string, number>> {
  const rows = await intern.db
    .selectFrom('outboxStates')
    .select(['state', (count) => count.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
}

/** Has `look` see every push before it goes to the real server, and the real answer before it is given on. */
function watchPushes(
  look: (push: { readonly number: number; readonly mutations: WireMutation[] }) => Promise<void>,
  beforeAnswer: (number: number) => Promise<void> = async () => {},
): void {
  let number = 0;
  const post = ServerClient.prototype.post;
  vi.spyOn(client, 'post').mockImplementation(async (path, body, schema, ending) => {
    number += 1;
    const own = number;
    const { mutations } = body as { mutations: WireMutation[] };
    await look({ number: own, mutations });
    const answer = await post.call(client, path, body, schema, ending);
    await beforeAnswer(own);
    return answer as never;
  });
}

test('SY-6 a batch is on its way before the answers to the one before it are saved, one at a time', async () => {
  const { settled: settledBefore = 0 } = await countStates();
  for (let index = 0; index < maximumPushMutations + 3; index += 1) await addTime();
  const seen: Record<string, number>[] = [];
  let inFlight = 0;
  let most = 0;
  watchPushes(
    async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      seen.push(await countStates());
    },
    async () => {
      inFlight -= 1;
    },
  );
  expect(await pushPending(intern, client, now, new PushPace())).toBe(maximumPushMutations + 3);
  expect(most).toBe(1);
  expect(seen.map(({ pending }) => pending)).toEqual([
    maximumPushMutations + 3,
    maximumPushMutations + 3,
  ]);
  expect(await countStates()).toEqual({
    ...(settledBefore > 0 ? { settled: settledBefore } : {}),
    applied: maximumPushMutations + 3,
  });
});

test('SY-7 where something was refused, the next batch waits until it is known what builds on it', async () => {
  for (let index = 1; index < maximumPushMutations; index += 1) await addTime();
  const refused = await addTime('damaged on the way');
  await intern.mutate(
    'time.edit',
    { timeEntryId: refused, patch: { note: 'more' }, seen: { note: 'damaged on the way' } },
    { subject: 'time' },
  );
  const last = await addTime();
  const sent: string[][] = [];
  const seen: Record<string, number>[] = [];
  watchPushes(async ({ mutations }) => {
    sent.push(mutations.map(({ id }) => id));
    seen.push(await countStates());
    const index = mutations.findIndex(({ args }) => JSON.stringify(args).includes('damaged'));
    const damaged = mutations[index];
    if (sent.length === 1 && damaged !== undefined)
      mutations[index] = { ...damaged, argsHash: 'f'.repeat(64) };
  });
  await pushPending(intern, client, now, new PushPace());
  expect(sent.map(({ length }) => length)).toEqual([maximumPushMutations, 1]);
  expect(seen[1]).toMatchObject({ rejected: 1, held: 1, pending: 1 });
  const lastSent = await intern.db
    .selectFrom('outbox')
    .select('argsJson')
    .where('id', '=', sent[1]?.[0] ?? '')
    .executeTakeFirstOrThrow();
  expect(lastSent.argsJson).toContain(last);
});

test('SY-6 where answers cannot be saved, what is on its way is waited for, and all of it is sent again', async () => {
  for (let index = 0; index < maximumPushMutations + 1; index += 1) await addTime();
  await sql`create trigger "full" before update of "state" on "outboxStates"
    begin select raise(abort, 'no room'); end`.execute(intern.db);
  let isSecondAnswered = false;
  watchPushes(
    async () => {},
    async (number) => {
      if (number < 2) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
      isSecondAnswered = true;
    },
  );
  await expect(pushPending(intern, client, now, new PushPace())).rejects.toThrow('no room');
  expect(isSecondAnswered).toBe(true);
  await sql`drop trigger "full"`.execute(intern.db);
  expect(await pushPending(intern, client, now, new PushPace())).toBe(maximumPushMutations + 1);
  expect(await countStates()).toMatchObject({ applied: maximumPushMutations + 1 });
  const stored = await intern.db.selectFrom('timeEntries').select('id').execute();
  expect(stored).toHaveLength(maximumPushMutations + 1);
});
