import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TravellingRequest } from './network/simulated-network.ts';
import { runSimulation } from './run-simulation.ts';
import { shrinkPlan } from './shrink-plan.ts';
import type { Sabotage, Simulation } from './simulation.ts';
import { createPlan, type Step } from './steps/plan.ts';

/** Each breaks one promise on purpose: an oracle that never complains proves nothing. */

const seed = 5;
const plan: readonly Step[] = createPlan(seed, 60, ['network']);

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
