import { expect, test } from 'vitest';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { maximumPushBytes, maximumPushMutations } from '../../../src/shared/protocol/version.ts';
import { breakInserts, listRecords } from '../../support/server/test-database.ts';
import { AnswerError, TestDevice } from '../../support/server/test-device.ts';
import { computeInstant, computeSha256, createId } from '../../support/server/test-ids.ts';
import { testProjectTerms, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const createProject = (device: TestDevice, title: string) =>
  device.createMutation('project.create', {
    projectId: createId(),
    terms: { ...testProjectTerms, title },
  });

/** Refused by the mutation itself: there is no such task. */
const createRefused = (device: TestDevice) =>
  device.createMutation('task.cancel', { taskId: createId() });

test('SY-4 applied mutations get one number each, in order; refused ones get none', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const { head: before } = await owner.pull(orgId);
  const { results, head } = await owner.push(orgId, [
    createProject(owner, 'One'),
    createRefused(owner),
    createProject(owner, 'Two'),
  ]);
  expect(results.map(({ status, seq }) => [status, seq])).toEqual([
    ['applied', before.seq + 1],
    ['rejected', null],
    ['applied', before.seq + 2],
  ]);
  expect(head.seq).toBe(before.seq + 2);
});

test('SY-4 every row a mutation touches carries its number, and once only', async () => {
  const server = await startTestServer();
  const { url } = server;
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  await owner.apply(orgId, [
    'task.moveDeadline',
    {
      taskId: task.taskId,
      deadlineId: createId(),
      deadline: { wall: '2099-01-01T09:00', zone: 'Europe/Berlin' },
    },
  ]);
  const { head, rows } = await intern.pull(orgId);
  const last = rows.filter(({ seq }) => seq === head.seq).map(({ table }) => table);
  expect(last.sort()).toEqual(['deadlines', 'deadlines', 'tasks']);
  expect(
    await listRecords(
      server,
      'select count(*) as n from "rowIndex" where "orgId" = ? and "rowId" = ?',
      orgId,
      task.taskId,
    ),
  ).toEqual([{ n: 1 }]);
});

test('SY-4 devices that write at the same time lose nothing to one that pulls meanwhile', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const seen = new Set<unknown>();
  let page = await owner.pull(orgId);
  let isWriting = true;
  const reading = (async () => {
    for (;;) {
      const wasWriting = isWriting;
      page = await owner.pull(orgId, { scopes: page.scopes, head: page.head });
      for (const { table, row } of page.rows) if (table === 'projects') seen.add(row['id']);
      if (!wasWriting && page.complete) return;
    }
  })();
  const written = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const ids: unknown[] = [];
      for (let batch = 0; batch < 10; batch += 1) {
        const mutations = Array.from({ length: 5 }, () => createProject(owner, 'Parallel'));
        await owner.push(orgId, mutations);
        ids.push(...mutations.map(({ args }) => (args as { projectId: string }).projectId));
      }
      return ids;
    }),
  );
  isWriting = false;
  await reading;
  const missed = written.flat().filter((id) => !seen.has(id));
  expect(missed).toEqual([]);
});

test('SY-4 the log is a chain of hashes that ends in the head', async () => {
  const server = await startTestServer();
  const { url } = server;
  const { orgId, owner } = await TestOrganization.create(url);
  await owner.push(orgId, [createProject(owner, 'One'), createProject(owner, 'Two')]);
  const { head } = await owner.pull(orgId);
  const log = await listRecords(
    server,
    'select * from "mutationLog" where "orgId" = ? order by seq',
    orgId,
  );
  let hash = '';
  for (const [index, entry] of log.entries()) {
    expect(entry['seq']).toBe(index + 1);
    expect(entry['argsHash']).toBe(computeSha256(String(entry['argsJson'])));
    hash = computeSha256(
      [hash, entry['mutationId'], entry['argsHash'], entry['seq'], entry['receivedAt']]
        .map(String)
        .join('\n'),
    );
    expect(entry['hash']).toBe(hash);
  }
  expect(head).toEqual({ seq: log.length, hash });
  expect(log.map(({ name }) => name)).toEqual([
    'organization.create',
    'project.create',
    'project.create',
    'project.create',
  ]);
});

test('SY-6 a push sent again is answered as before, and nothing is done again', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const mutations = [createProject(owner, 'One'), createRefused(owner)];
  const first = await owner.push(orgId, mutations);
  const second = await owner.push(orgId, mutations);
  expect(first.results.map(({ repeated }) => repeated)).toEqual([false, false]);
  expect(second.results).toEqual(first.results.map((result) => ({ ...result, repeated: true })));
  expect(second.head).toEqual(first.head);
});

test('SY-6 a mutation that stands twice in one batch is applied once', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const mutation = createProject(owner, 'One');
  const { results } = await owner.push(orgId, [mutation, mutation]);
  expect(results.map(({ status, repeated }) => [status, repeated])).toEqual([
    ['applied', false],
    ['applied', true],
  ]);
  expect(results[1]?.seq).toBe(results[0]?.seq);
});

test('SY-6 the same id with other arguments, or from another person, is a conflict and overwrites nothing', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  const original = createProject(owner, 'One');
  const first = await owner.push(orgId, [original]);
  const other = { ...createProject(owner, 'Other'), id: original.id };
  expect((await owner.push(orgId, [other])).results).toMatchObject([
    { status: 'rejected', code: 'conflict', repeated: false },
  ]);
  expect((await intern.push(orgId, [original])).results).toMatchObject([
    { status: 'rejected', code: 'conflict' },
  ]);
  expect((await owner.push(orgId, [original])).results).toMatchObject([
    { status: 'applied', repeated: true, seq: first.results[0]?.seq },
  ]);
});

test('SY-6 arguments that do not have the hash they state are refused, and can be sent again whole', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const mutation = createProject(owner, 'One');
  const damaged = { ...mutation, args: { ...(mutation.args as object), terms: null } };
  expect((await owner.push(orgId, [damaged])).results).toMatchObject([
    { status: 'rejected', code: 'invalid_input', field: 'argsHash' },
  ]);
  expect((await owner.push(orgId, [mutation])).results).toMatchObject([{ status: 'applied' }]);
});

test('SY-6 a push of more than 500 mutations, or several over 1 MiB, is refused whole with a JSON error', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const many = Array.from({ length: maximumPushMutations + 1 }, () => createRefused(owner));
  await expect(owner.push(orgId, many)).rejects.toMatchObject({
    status: 400,
    code: 'invalid_input',
    field: 'mutations',
  });
  const large = Array.from({ length: 8 }, () =>
    owner.createMutation('project.create', {
      projectId: createId(),
      terms: { ...testProjectTerms, brief: 'x'.repeat(maximumPushBytes / 8) },
    }),
  );
  await expect(owner.push(orgId, large)).rejects.toMatchObject({ status: 413, code: 'too_large' });
  const huge = owner.createMutation('project.create', { brief: 'x'.repeat(17 * maximumPushBytes) });
  await expect(owner.push(orgId, [huge])).rejects.toMatchObject({ status: 413, code: 'too_large' });
  const { head } = await owner.pull(orgId);
  expect(head.seq).toBe(2);
});

test('SY-7 a rejected mutation never blocks those behind it, and nothing of it remains', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const taken = task.deadlineId;
  const half = {
    taskId: createId(),
    engagementId,
    title: 'Half',
    briefVersionId: createId(),
    instructions: '',
    criteria: [],
    // In use already: the task and its brief are inserted before this is found.
    deadlineId: taken,
    deadline: { wall: '2099-01-01T09:00', zone: 'Europe/Berlin' },
    estimateMinutes: null,
    references: [],
  };
  const { results } = await owner.push(orgId, [
    owner.createMutation('task.assign', half),
    owner.createMutation('project.create', { projectId: 'no id' }),
    owner.createMutation('no.such.change', {}),
    createProject(owner, 'Behind'),
  ]);
  expect(results.map(({ status, code }) => [status, code])).toEqual([
    ['rejected', 'conflict'],
    ['rejected', 'invalid_input'],
    ['rejected', 'protocol_unsupported'],
    ['applied', null],
  ]);
  expect(results[0]?.message).toContain(taken);
  expect(results[1]?.field).toBe('projectId');
  const tasks = await owner.list(orgId, 'tasks');
  expect(tasks.map(({ id }) => id)).toEqual([task.taskId]);
  expect((await owner.list(orgId, 'projects')).map(({ title }) => title)).toContain('Behind');
});

test('SY-7 a mutation that is malformed on the wire is refused alone', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const { results } = await owner.push(orgId, [
    { ...createProject(owner, 'One'), claimedAt: 'yesterday' },
    createProject(owner, 'Two'),
  ]);
  expect(results).toMatchObject([
    { status: 'rejected', code: 'invalid_input', field: 'claimedAt' },
    { status: 'applied' },
  ]);
});

test('SY-7 arguments nested beyond all measure are refused, not a fault', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const depth = 200_000;
  const body = JSON.stringify({ mutations: [createRefused(owner)] }).replace(
    /"args":\{[^}]*\}/,
    `"args":${'['.repeat(depth)}${']'.repeat(depth)}`,
  );
  const response = await owner.fetch(endpoints.push(orgId), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(response.status).toBeLessThan(500);
});

test('SY-7 a fault rolls the whole batch back; sent again later, all of it is applied', async () => {
  const server = await startTestServer();
  const { url } = server;
  const { orgId, owner } = await TestOrganization.create(url);
  const before = await owner.pull(orgId);
  const mutations = [
    createProject(owner, 'One'),
    owner.createMutation('organization.rename', { name: 'New name', seenName: 'Talkorn' }),
  ];
  const repair = await breakInserts(server, 'fieldEdits');
  await expect(owner.push(orgId, mutations)).rejects.toMatchObject({
    status: 500,
    code: 'server_error',
  });
  const after = await owner.pull(orgId);
  expect({ ...after, anchor: null }).toEqual({ ...before, anchor: null });
  await repair();
  const { results } = await owner.push(orgId, mutations);
  expect(results.map(({ status, repeated }) => [status, repeated])).toEqual([
    ['applied', false],
    ['applied', false],
  ]);
});

test('SY-6 a text that no storage can hold fails its own mutation alone, and what only looks like it is kept', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const brief = 'a backslash and digits: \\u0000, \\\\u0000';
  const kept = owner.createMutation('project.create', {
    projectId: createId(),
    terms: { ...testProjectTerms, brief },
  });
  const { results } = await owner.push(orgId, [
    createProject(owner, 'One'),
    owner.createMutation('project.create', {
      projectId: createId(),
      terms: { ...testProjectTerms, brief: 'nothing\u0000 at all' },
    }),
    owner.createMutation('project.create', { 'key\u0000': 1 }),
    kept,
  ]);
  expect(results.map(({ status, code }) => [status, code])).toEqual([
    ['applied', null],
    ['rejected', 'invalid_input'],
    ['rejected', 'invalid_input'],
    ['applied', null],
  ]);
  const projects = await owner.list(orgId, 'projects');
  expect(projects.find((project) => project['brief'] === brief)).toBeDefined();
});

test('a person pushes neither what only the server may do, nor what their role may not', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  const { results } = await owner.push(orgId, [
    owner.createMutation('file.arrived', { sha256: computeSha256('x') }),
  ]);
  expect(results).toMatchObject([{ status: 'rejected', code: 'forbidden' }]);
  const refused = await intern.push(orgId, [createProject(intern, 'Mine')]);
  expect(refused.results).toMatchObject([{ status: 'rejected', code: 'forbidden' }]);
});

test('the log keeps who, from which device, what and when, as it was said and as it came', async () => {
  const server = await startTestServer();
  const { url } = server;
  const { orgId, owner, ownerMembershipId } = await TestOrganization.create(url);
  const claimedAt = computeInstant(-3_600_000);
  const mutation = { ...createProject(owner, 'One'), claimedAt };
  await owner.push(orgId, [mutation]);
  const [entry] = await listRecords(
    server,
    'select * from "mutationLog" where "mutationId" = ?',
    mutation.id,
  );
  expect(entry).toMatchObject({
    name: 'project.create',
    version: 1,
    actorMembershipId: ownerMembershipId,
    deviceId: owner.deviceId,
    deviceSeq: mutation.deviceSeq,
    claimedAt,
    argsJson: computeCanonicalJson(mutation.args),
  });
  expect(String(entry?.['receivedAt']) > claimedAt).toBe(true);
});

test('a push to an organization of others is forbidden, the same as to one that does not exist', async () => {
  const { url } = await startTestServer();
  const { orgId } = await TestOrganization.create(url);
  const stranger = new TestDevice(url);
  await stranger.register('Stranger');
  const failures = await Promise.all(
    [orgId, createId()].map((target) =>
      stranger.push(target, [createProject(stranger, 'x')]).catch((error: unknown) => error),
    ),
  );
  for (const failure of failures) {
    expect(failure).toBeInstanceOf(AnswerError);
    expect(failure).toMatchObject({ status: 403, code: 'forbidden' });
  }
  expect((failures[0] as Error).message).toBe((failures[1] as Error).message);
});
