import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TravellingRequest } from './network/simulated-network.ts';
import { runSimulation } from './run-simulation.ts';
import { shrinkPlan } from './shrink-plan.ts';
import type { Sabotage, Simulation } from './simulation.ts';
import { createPlan, type Step, type StepKind } from './steps/plan.ts';

/** Each breaks one promise on purpose: an oracle that never complains proves nothing. */

const seed = 5;
const plan: readonly Step[] = createPlan(seed, 35, ['network']);

async function listViolations(sabotage: Sabotage): Promise<readonly string[]> {
  return (await runSimulation(seed, plan, sabotage)).violations;
}

function getDatabase(simulation: Simulation, name: string) {
  const found = simulation.findSeatDatabase(simulation.world.findDevice(name));
  if (found === undefined) throw new Error(`${name} does not run`);
  return found;
}

test('without sabotage, the oracles are content', { timeout: 60_000 }, async () => {
  expect(await listViolations({})).toEqual([]);
});

test('SY-6 a change that the server applied twice is seen', { timeout: 60_000 }, async () => {
  const found = await listViolations({
    atEnd: ({ world }) => {
      const { connection } = world.server;
      const row = connection.prepare('select * from timeEntries limit 1').get() as object;
      const copy = { ...row, id: '00000000-0000-7000-8000-000000000001' };
      const columns = Object.keys(copy);
      connection
        .prepare(
          `insert into timeEntries (${columns.join(', ')}) values (${columns.map((name) => `@${name}`).join(', ')})`,
        )
        .run(copy);
    },
  });
  expect(found.join('\n')).toMatch(/hours: ".*" stands 2 times on the server/);
});

test('SY-15 a log whose hashes do not follow is seen', { timeout: 60_000 }, async () => {
  const found = await listViolations({
    atEnd: ({ world }) => {
      world.server.connection.prepare(`update mutationLog set argsHash = hash where seq = 3`).run();
    },
  });
  expect(found.join('\n')).toMatch(/log: the hash of 3 does not follow/);
});

test('SY-1 a workspace that drops what it promised is seen', { timeout: 60_000 }, async () => {
  let isDropped = false;
  const found = await listViolations({
    afterStep: (simulation) => {
      for (const device of simulation.world.devices) {
        if (isDropped) return;
        const dropped = simulation
          .findSeatDatabase(device)
          ?.prepare(`delete from outboxStates where state = 'pending'`)
          .run();
        isDropped = (dropped?.changes ?? 0) > 0;
      }
    },
  });
  expect(isDropped).toBe(true);
  expect(found.join('\n')).toMatch(/intents: .* is neither applied nor shown as refused/);
});

test('SY-14 a replica that differs is seen', { timeout: 60_000 }, async () => {
  const found = await listViolations({
    atEnd: (simulation) => {
      getDatabase(simulation, 'olga-desk').prepare(`update tasks set title = 'other'`).run();
    },
  });
  expect(found.join('\n')).toMatch(/replicas: olga-desk has .*other/);
});

test('SY-11 a change that never gets across is seen', { timeout: 60_000 }, async () => {
  const found = await listViolations({
    rewrite: (request) =>
      request.path.endsWith('/push') && request.who === 'jon-laptop'
        ? { ...request, path: '/api/v1/nowhere' }
        : request,
  });
  expect(found.join('\n')).toMatch(/rest: after .* jon-laptop has .* pending/);
});

test('SY-18 a verdict that changes is seen', { timeout: 60_000 }, async () => {
  const found = await listViolations({
    atEnd: ({ world }) => {
      world.server.connection.prepare(`update submissions set verdict = 'late'`).run();
    },
  });
  expect(found.join('\n')).toMatch(/verdict: submission .* was .* and is late/);
});

test('SY-22 a stored file whose bytes have changed is seen', { timeout: 60_000 }, async () => {
  const found = await runSimulation(9, createPlan(9, 80, []), {
    atEnd: ({ world }) => {
      const [content] = readdirSync(join(world.server.folder, 'blobs'), {
        recursive: true,
        withFileTypes: true,
      }).filter((entry) => entry.isFile());
      if (content === undefined) throw new Error('no file was handed in with this seed');
      appendFileSync(join(content.parentPath, content.name), '!');
    },
  });
  expect(found.violations.join('\n')).toMatch(/files: .* does not have the hash/);
});

test(
  "SY-10 a server that takes one person's session for another's is seen",
  { timeout: 60_000 },
  async () => {
    let theirs: TravellingRequest | undefined;
    const everything = JSON.stringify({ scopes: [], head: null, knownHeads: [] });
    const found = await listViolations({
      rewrite: (request) => {
        if (!request.path.endsWith('/pull')) return request;
        if (request.who === 'olga-desk') theirs = request;
        if (request.who !== 'uma-laptop' || theirs === undefined) return request;
        return { ...theirs, who: request.who, body: new TextEncoder().encode(everything) };
      },
    });
    expect(found.join('\n')).toMatch(
      /tenants: uma-laptop of birch was answered with something of acorn/,
    );
  },
);

/** Steps with a while after each, in which what was done reaches everybody. */
function createCalmPlan(kinds: readonly StepKind[]): Step[] {
  return kinds.flatMap((kind, index) => [
    { index: 2 * index, kind },
    { index: 2 * index + 1, kind: 'time.long' as const },
  ]);
}

async function listViolationsOf(kinds: readonly StepKind[], sabotage: Sabotage): Promise<string> {
  return (await runSimulation(seed, createCalmPlan(kinds), sabotage)).violations.join('\n');
}

/** @returns what to do with the server's database at the end; it has to change something. */
const breakServer = (sql: string): Sabotage => ({
  atEnd: ({ world }) => {
    const { changes } = world.server.connection.prepare(sql).run();
    if (changes === 0) throw new Error(`nothing was changed by ${sql}`);
  },
});

const asked: readonly StepKind[] = [
  ...Array.from({ length: 4 }, () => 'intern.ask' as const),
  ...Array.from({ length: 2 }, () => 'employer.answer' as const),
  ...Array.from({ length: 2 }, () => 'employer.quote' as const),
  ...Array.from({ length: 3 }, () => 'intern.askForMoreTime' as const),
  ...Array.from({ length: 3 }, () => 'employer.grant' as const),
];

test('SY-6 a question that is lost on the server is seen', { timeout: 60_000 }, async () => {
  expect(
    await listViolationsOf(asked, breakServer(`update questions set text = 'another'`)),
  ).toMatch(/texts: ".*" stands 0 times among the questions of the server/);
});

test('SY-6 time that was granted and is not there is seen', { timeout: 60_000 }, async () => {
  expect(await listViolationsOf(asked, breakServer('delete from extensions'))).toMatch(
    /decisions: the request for more time .* is granted, with 0 extensions/,
  );
});

test('SY-6 an answer that a brief lost is seen', { timeout: 60_000 }, async () => {
  expect(
    await listViolationsOf(asked, breakServer(`update briefVersions set instructions = 'none'`)),
  ).toMatch(/decisions: the answer .* is quoted/);
});

test('SY-6 an amendment that was confirmed to no effect is seen', { timeout: 60_000 }, async () => {
  const kinds = Array.from({ length: 12 }, (_, index) =>
    index % 3 === 0 ? ('anyone.propose' as const) : ('anyone.decideAmendment' as const),
  );
  expect(
    await listViolationsOf(kinds, breakServer('update engagements set hourBudgetMinutes = 7')),
  ).toMatch(/decisions: engagement .* has 7 minutes/);
});

test(
  'SY-4 tasks that stand otherwise than the log says are seen',
  { timeout: 60_000 },
  async () => {
    const found = await listViolationsOf(
      ['employer.assign', 'employer.order'],
      breakServer('update tasks set position = -position'),
    );
    expect(found).toMatch(/order: the tasks of .* stand as/);
  },
);

test('tasks that wait for less than the log says are seen', { timeout: 60_000 }, async () => {
  const found = await listViolationsOf(
    [
      ...Array.from({ length: 3 }, () => 'employer.assign' as const),
      'employer.depend',
      'employer.depend',
    ],
    breakServer(`update tasks set dependsOnJson = null`),
  );
  expect(found).toMatch(/order: the task .* waits for nothing, not for/);
});

test('SY-4 tasks that wait for each other are seen', { timeout: 60_000 }, async () => {
  const ring = `update tasks set dependsOnJson = (select json_array(other.id) from tasks as other
    where other.engagementId = tasks.engagementId and other.id <> tasks.id)`;
  expect(await listViolationsOf(['time.short'], breakServer(ring))).toMatch(
    /order: the task .* waits for itself/,
  );
});

test('approved time that is changed behind the back is seen', { timeout: 120_000 }, async () => {
  const round = ['intern.addTime', 'intern.handInHours', 'employer.decideHours'] as const;
  const found = await listViolationsOf(
    Array.from({ length: 5 }, () => round).flat(),
    breakServer('update timeEntries set endedAt = startedAt'),
  );
  expect(found).toMatch(/approval: timesheet .* was approved with/);
});

test('SY-16 a timer that counts a moment twice is seen', { timeout: 60_000 }, async () => {
  const twice = `insert into timeEntries select orgId, '00000000-0000-7000-8000-000000000001', scope,
    engagementId, taskId, membershipId, startedAt, endedAt, zone, source, note, createdAt, updatedAt, deletedAt,
    revivedAt, originId, timesheetId from timeEntries limit 1`;
  const found = await listViolationsOf(
    Array.from({ length: 8 }, () => 'intern.startTimer' as const),
    breakServer(twice),
  );
  expect(found).toMatch(/hours: the timer ".*" counts .* more than once/);
});

test('SY-16 time of a timer that is lost is seen', { timeout: 60_000 }, async () => {
  const found = await listViolationsOf(
    Array.from({ length: 8 }, () => 'intern.startTimer' as const),
    breakServer('delete from timeEntries'),
  );
  expect(found).toMatch(/hours: of the timer ".*" from .* to .* s are lost/);
});

test('an evaluation that gets out before it was opened is seen', { timeout: 60_000 }, async () => {
  let theirs: TravellingRequest | undefined;
  const everything = JSON.stringify({ scopes: [], head: null, knownHeads: [] });
  const kinds = Array.from({ length: 12 }, (_, index) =>
    index < 6 ? ('employer.complete' as const) : ('anyone.evaluate' as const),
  );
  const found = await listViolationsOf(kinds, {
    rewrite: (request) => {
      if (!request.path.endsWith('/pull')) return request;
      if (request.who === 'jon-laptop') theirs = request;
      if (request.who !== 'ines-laptop' || theirs === undefined) return request;
      return { ...theirs, who: request.who, body: new TextEncoder().encode(everything) };
    },
  });
  expect(found).toMatch(
    /seal: ines-laptop was answered with "sealed words .*" before it was opened/,
  );
});

test('a failing plan is made shorter, and fails the same way', { timeout: 120_000 }, async () => {
  const sabotage: Sabotage = {
    atEnd: (simulation) => {
      // Fails only where somebody handed something in.
      if (simulation.ledger.submissions.size > 0) simulation.violate('made: up');
    },
  };
  const failed = await runSimulation(seed, plan, sabotage);
  const shrunk = await shrinkPlan(failed, plan, { maximumAttempts: 60, sabotage });
  expect(shrunk.plan.map(({ kind }) => kind)).toEqual(['intern.submit']);
  expect(shrunk.outcome.violations).toContain('made: up');
});
