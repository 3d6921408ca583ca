import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { computeCanonicalJson } from '../../../../src/shared/canonical-json.ts';
import { domainTables } from '../../../../src/shared/database/domain-tables.ts';
import { isScopeCovered } from '../../../../src/shared/domain/scopes.ts';
import { StintError } from '../../../../src/shared/errors.ts';
import { type FaultProxy, startFaultProxy } from '../../../support/sync/fault-proxy.ts';
import {
  makeTemporaryFolder,
  openTestInstallation,
  settle,
  type TestInstallation,
  uuid,
} from '../../../support/sync/test-installation.ts';
import {
  assignTask,
  type AssignedTask,
  setUpPair,
  signInAgain,
  startTestServer,
  submit,
} from '../../../support/sync/test-organization.ts';

/** Mulberry32, a small generator of public domain: a seed names a run. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Person {
  readonly installation: TestInstallation;
  readonly seat: Seat;
  readonly line: FaultProxy;
}

/** What each person meant to do, kept outside the app: the oracle. */
interface Intents {
  readonly timeEntryIds: Set<string>;
  readonly submissions: { taskId: string; note: string }[];
}

async function stepIntern(
  person: Person,
  tasks: readonly AssignedTask[],
  random: (below: number) => number,
  intents: Intents,
): Promise<void> {
  const task = tasks[random(tasks.length)];
  if (task === undefined) return;
  const { seat } = person;
  // A task that this device has not seen yet cannot be worked on.
  const known = await seat.db
    .selectFrom('tasks')
    .select('id')
    .where('id', '=', task.taskId)
    .execute();
  if (known.length === 0) return;
  const minute = String(random(50)).padStart(2, '0');
  switch (random(5)) {
    case 0: {
      const timeEntryId = uuid();
      await seat.mutate(
        'time.add',
        {
          timeEntryId,
          taskId: task.taskId,
          startedAt: `2026-05-04T09:${minute}:00.000Z`,
          endedAt: '2026-05-04T10:00:00.000Z',
          zone: 'Europe/Lisbon',
          source: 'manual',
          note: '',
        },
        { subject: 'time' },
      );
      intents.timeEntryIds.add(timeEntryId);
      return;
    }
    case 1: {
      const entries = await seat.db.selectFrom('timeEntries').selectAll().execute();
      const entry = entries[random(Math.max(1, entries.length))];
      if (entry === undefined) return;
      await seat.mutate(
        'time.edit',
        {
          timeEntryId: entry.id,
          patch:
            random(2) === 0
              ? { note: `n${random(9)}` }
              : { endedAt: `2026-05-04T11:${minute}:00.000Z` },
          seen: { note: entry.note, endedAt: entry.endedAt },
        },
        { subject: 'time' },
      );
      return;
    }
    case 2:
      await seat.mutate(
        'draft.writeNote',
        { taskId: task.taskId, note: `note ${random(1000)}` },
        { subject: 'note' },
      );
      return;
    case 3:
      await seat.mutate(
        'draft.tickCriterion',
        {
          taskId: task.taskId,
          criterionId: task.criterionIds[random(2)] ?? '',
          ticked: random(3) > 0,
        },
        { subject: 'tick' },
      );
      return;
    default: {
      const note = `handed in ${uuid()}`;
      await submit(seat, task, { note });
      intents.submissions.push({ taskId: task.taskId, note });
    }
  }
}

async function stepEmployer(
  person: Person,
  tasks: AssignedTask[],
  engagementId: string,
  random: (below: number) => number,
): Promise<void> {
  const { seat } = person;
  const task = tasks[random(tasks.length)];
  if (task === undefined) return;
  switch (random(5)) {
    case 0:
      tasks.push(await assignTask(seat, engagementId, { title: `Task ${tasks.length}` }));
      return;
    case 1:
      await seat.mutate(
        'task.edit',
        { taskId: task.taskId, patch: { title: `Title ${random(100)}` }, seen: { title: '?' } },
        { subject: 'title' },
      );
      return;
    case 2:
      await seat.mutate(
        'task.moveDeadline',
        {
          taskId: task.taskId,
          deadlineId: uuid(),
          deadline: { wall: `2099-0${1 + random(9)}-01T12:00`, zone: 'Europe/Berlin' },
        },
        { subject: 'deadline' },
      );
      return;
    case 3:
      await seat.mutate(
        'task.reviseBrief',
        {
          taskId: task.taskId,
          briefVersionId: uuid(),
          instructions: `v${random(100)}`,
          criteria: [],
          seen: [],
        },
        { subject: 'brief' },
      );
      return;
    default: {
      const submissions = await seat.db.selectFrom('submissions').selectAll().execute();
      const submission = submissions[random(Math.max(1, submissions.length))];
      if (submission === undefined) return;
      const accepts = random(2) === 0;
      const brief = await seat.db
        .selectFrom('briefVersions')
        .select('criteriaJson')
        .where('id', '=', submission.briefVersionId)
        .executeTakeFirst();
      const [criterion] = JSON.parse(brief?.criteriaJson ?? '[]') as { id: string }[];
      await seat.mutate(
        'review.decide',
        {
          reviewId: uuid(),
          submissionId: submission.id,
          manifestHash: submission.manifestHash,
          decision: accepts ? 'accepted' : 'changes_requested',
          comment: 'Have a look.',
          comments: accepts
            ? []
            : [
                {
                  id: uuid(),
                  kind: 'change',
                  criterionId: criterion?.id ?? null,
                  attachmentId: null,
                  selectors: [],
                  text: 'More of it.',
                },
              ],
          scores: [],
          confirmedNotNewest: true,
        },
        { subject: 'review' },
      );
    }
  }
}

async function listReplicaRows(seat: Seat): Promise<string[]> {
  const rows: string[] = [];
  for (const table of domainTables)
    for (const row of await seat.db
      .selectFrom(table as 'tasks')
      .selectAll()
      .execute())
      rows.push(`${table} ${computeCanonicalJson(row)}`);
  return rows.sort();
}

/** What the server holds and this seat should hold, read from the server's own file once it is closed. */
function listServerRows(serverDatabasePath: string, scopes: readonly string[]): string[] {
  const database = new DatabaseSync(serverDatabasePath, { readOnly: true });
  const rows: string[] = [];
  for (const table of domainTables)
    for (const row of database.prepare(`select * from "${table}"`).all() as { scope: string }[])
      if (scopes.some((scope) => isScopeCovered(scope, row.scope)))
        rows.push(`${table} ${computeCanonicalJson({ ...row })}`);
  database.close();
  return rows.sort();
}

test.each([1, 2, 3, 4])(
  'SY-23 three devices over lines that come and go end alike, with nothing lost or doubled (seed %i)',
  async (seed) => {
    const random = makeRandom(seed);
    const temporary = await makeTemporaryFolder();
    const server = await startTestServer(join(temporary.path, 'server'));
    const lines = await Promise.all([1, 2, 3].map(() => startFaultProxy(server.url)));
    const [deskLine, laptopLine, secondLine] = lines as [FaultProxy, FaultProxy, FaultProxy];
    const [desk, laptop, second] = (await Promise.all(
      ['desk', 'laptop', 'second'].map((name) => openTestInstallation(join(temporary.path, name))),
    )) as [TestInstallation, TestInstallation, TestInstallation];
    // The address of the server differs by line; each person goes through their own.
    const pair = await setUpPair(desk, laptop, deskLine.url, laptopLine.url);
    const secondSeat = await signInAgain(second, secondLine.url, pair.internEmail);
    second.sync.start();
    await settle(second);

    const employer: Person = { installation: desk, seat: pair.employer, line: deskLine };
    const interns: Person[] = [
      { installation: laptop, seat: pair.intern, line: laptopLine },
      { installation: second, seat: secondSeat, line: secondLine },
    ];
    const everyone = [employer, ...interns];
    const tasks = [pair.task];
    const intents: Intents = { timeEntryIds: new Set(), submissions: [] };
    for (let step = 0; step < 70; step += 1) {
      const person = everyone[random(3)];
      if (person === undefined) continue;
      try {
        if (random(5) === 0) person.line.isDown = !person.line.isDown;
        else if (random(12) === 0)
          person.line.loseNextAnswerTo = random(2) === 0 ? '/push' : '/pull';
        else if (person === employer)
          await stepEmployer(person, tasks, pair.employment.engagementId, random);
        else await stepIntern(person, tasks, random, intents);
      } catch (error) {
        // What the rules refuse on the device was never promised to anyone.
        if (!(error instanceof StintError)) throw error;
      }
      if (random(4) === 0) person.installation.sync.kick();
      if (random(3) === 0) await new Promise((resolve) => setTimeout(resolve, random(25)));
    }
    for (const { line } of everyone) line.isDown = false;
    // Twice: what one sends in the first round, the others fetch in the second.
    for (let round = 0; round < 2; round += 1)
      for (const { installation } of everyone) await settle(installation, 30_000);

    const scopesOf = async (seat: Seat) =>
      (await seat.db.selectFrom('scopeCursors').select('scope').execute()).map((row) => row.scope);
    const replicas = await Promise.all(
      everyone.map(async ({ seat }) => ({
        rows: await listReplicaRows(seat),
        scopes: await scopesOf(seat),
      })),
    );
    const entries = await pair.employer.db.selectFrom('timeEntries').select('id').execute();
    const submissions = await pair.employer.db.selectFrom('submissions').selectAll().execute();
    for (const { installation } of everyone) await installation.close();
    for (const line of lines) await line.close();
    await server.close();
    for (const replica of replicas)
      expect(replica.rows).toEqual(
        listServerRows(join(temporary.path, 'server', 'server.db'), replica.scopes),
      );
    expect(entries.map((row) => row.id).sort()).toEqual([...intents.timeEntryIds].sort());
    expect(submissions.map((row) => row.note).sort()).toEqual(
      intents.submissions.map(({ note }) => note).sort(),
    );
    for (const taskId of new Set(submissions.map((row) => row.taskId))) {
      const revisions = submissions
        .filter((row) => row.taskId === taskId)
        .map((row) => row.revision);
      expect(revisions.sort((left, right) => left - right)).toEqual(
        revisions.map((_, index) => index + 1),
      );
    }
    await temporary.remove();
  },
  90_000,
);
