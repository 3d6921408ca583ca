import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { mutationDefinitions } from '../../../src/shared/mutations/mutation-registry.ts';
import { listRoutes } from '../../support/server/list-routes.ts';
import { openPokeStream } from '../../support/server/poke-stream.ts';
import { runStatement } from '../../support/server/test-database.ts';
import { addManager } from '../../support/server/add-manager.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { computeSha256, createId } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  testProjectTerms,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

/** Stands in every text of the organization that is asked for. */
const canary = 'canary-5c1e';
/** Stands in the texts of one engagement, which other interns of the organization must not see. */
const engagementCanary = 'canary-9d42';

const kinds = [
  'nobody',
  'revoked',
  'expired',
  'stranger',
  'removed',
  'otherIntern',
  'withdrawn',
  'intern',
  'manager',
  'owner',
] as const;
type Kind = (typeof kinds)[number];

const noSession: readonly Kind[] = ['nobody', 'revoked', 'expired'];
const outsiders: readonly Kind[] = ['stranger', 'removed'];

interface Scene {
  readonly orgId: string;
  readonly people: Readonly<Record<Kind, TestDevice>>;
  readonly referenceHash: string;
  readonly uploadUrl: string;
}

interface Line {
  /** The address, and what is sent with it. */
  ask(scene: Scene, device: TestDevice): { readonly path: string; readonly init?: RequestInit };
  /** The status for each kind of person. */
  readonly expected: Readonly<Record<Kind, number>>;
}

const forAll = (status: number): Record<Kind, number> =>
  Object.fromEntries(kinds.map((kind) => [kind, status])) as Record<Kind, number>;

/** `status` for whoever is signed in. */
const forSessions = (status: number): Record<Kind, number> => ({
  ...forAll(status),
  nobody: 401,
  revoked: 401,
  expired: 401,
});

/** `status` for the organization's members. */
const forMembers = (
  status: number,
  exceptions: Partial<Record<Kind, number>> = {},
): Record<Kind, number> => ({
  ...forSessions(status),
  stranger: 403,
  removed: 403,
  ...exceptions,
});

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const octets = (body: Uint8Array<ArrayBuffer>): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/octet-stream' },
  body,
});

/** One file, which has no bytes. */
const smallBatch = (() => {
  const header = JSON.stringify({ files: [{ sha256: computeSha256(''), sizeBytes: 0 }] });
  return new Uint8Array([0, 0, 0, header.length, ...new TextEncoder().encode(header)]);
})();

const tus = (method: string, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { 'tus-resumable': '1.0.0', ...headers },
});

/** In this order: what ends sessions and uploads stands at the end. */
const table: Readonly<Record<string, Line>> = {
  'GET /': { ask: () => ({ path: '/' }), expected: forAll(200) },
  'GET /join': { ask: () => ({ path: '/join' }), expected: forAll(200) },
  'GET /healthz': { ask: () => ({ path: '/healthz' }), expected: forAll(200) },
  // Whoever brings the host's own token, and no session of anybody's.
  'GET /metrics': { ask: () => ({ path: '/metrics' }), expected: forAll(404) },
  'GET /api/v1/server': { ask: () => ({ path: endpoints.server }), expected: forAll(200) },
  'POST /api/v1/accounts': {
    ask: () => ({ path: endpoints.register, init: post({}) }),
    expected: forAll(400),
  },
  'POST /api/v1/session': {
    ask: () => ({ path: endpoints.session, init: post({}) }),
    expected: forAll(400),
  },
  'POST /api/v1/invitations/inspect': {
    ask: () => ({ path: endpoints.inspectInvitation, init: post({ code: 'x'.repeat(43) }) }),
    expected: forAll(404),
  },
  'POST /api/v1/invitations/accept': {
    ask: () => ({
      path: endpoints.acceptInvitation,
      init: post({ code: 'x'.repeat(43), membershipId: createId() }),
    }),
    expected: forSessions(404),
  },
  'GET /calendar/:secret': {
    ask: () => ({ path: `/calendar/${'x'.repeat(43)}.ics` }),
    expected: forAll(404),
  },
  'GET /api/v1/calendar': {
    ask: () => ({ path: endpoints.calendar }),
    expected: forSessions(200),
  },
  'POST /api/v1/calendar': {
    ask: () => ({ path: endpoints.calendar, init: post({}) }),
    expected: forSessions(200),
  },
  'DELETE /api/v1/calendar': {
    ask: () => ({ path: endpoints.calendar, init: { method: 'DELETE' } }),
    expected: forSessions(204),
  },
  'GET /api/v1/account': {
    ask: () => ({ path: endpoints.account }),
    expected: forSessions(200),
  },
  'POST /api/v1/account/password': {
    ask: () => ({
      path: endpoints.changePassword,
      init: post({ currentPassword: 'not the password', newPassword: 'not a password either' }),
    }),
    expected: forAll(401),
  },
  'POST /api/v1/account/close': {
    // Nobody's account but one's own can be named; a password that is not theirs leaves everybody theirs.
    ask: () => ({ path: endpoints.closeAccount, init: post({ password: 'not the password' }) }),
    expected: forAll(401),
  },
  'GET /api/v1/devices': {
    ask: () => ({ path: endpoints.devices }),
    expected: forSessions(200),
  },
  'DELETE /api/v1/devices/:deviceId': {
    ask: ({ people }, device) => ({
      // Another account's device: to everyone, as if there were none.
      path: endpoints.device((device === people.owner ? people.intern : people.owner).deviceId),
      init: { method: 'DELETE' },
    }),
    expected: forSessions(404),
  },
  'POST /api/v1/organizations': {
    ask: () => ({
      path: endpoints.organizations,
      init: post({
        orgId: createId(),
        membershipId: createId(),
        name: 'Another',
        timeZone: 'Europe/Berlin',
      }),
    }),
    expected: forSessions(200),
  },
  'GET /api/v1/pokes': { ask: () => ({ path: endpoints.pokes }), expected: forSessions(200) },
  'POST /api/v1/organizations/:orgId/pull': {
    ask: ({ orgId }) => ({ path: endpoints.pull(orgId), init: post({ scopes: [], head: null }) }),
    expected: forMembers(200),
  },
  'POST /api/v1/organizations/:orgId/checksums': {
    ask: ({ orgId }) => ({
      path: endpoints.checksums(orgId),
      init: post({ scopes: ['org', '*', 'desk'] }),
    }),
    expected: forMembers(200),
  },
  'POST /api/v1/organizations/:orgId/push': {
    ask: ({ orgId }, device) => ({
      path: endpoints.push(orgId),
      init: post({ mutations: [device.createMutation('task.cancel', { taskId: createId() })] }),
    }),
    // Who was a member once is answered mutation by mutation: work is held for the employer, the rest refused.
    expected: forMembers(200, { removed: 200 }),
  },
  'GET /api/v1/organizations/:orgId/history': {
    ask: ({ orgId }) => ({ path: endpoints.history(orgId) }),
    expected: forMembers(200),
  },
  'POST /api/v1/organizations/:orgId/files/missing': {
    ask: ({ orgId }) => ({ path: endpoints.missingFiles(orgId), init: post({ files: [] }) }),
    expected: forMembers(200),
  },
  'GET /api/v1/organizations/:orgId/files/wanted': {
    ask: ({ orgId }) => ({ path: endpoints.wantedFiles(orgId) }),
    expected: forMembers(200),
  },
  'POST /api/v1/organizations/:orgId/files/small': {
    ask: ({ orgId }) => ({ path: endpoints.smallFiles(orgId), init: octets(smallBatch) }),
    expected: forMembers(200),
  },
  'POST /api/v1/organizations/:orgId/files/small/fetch': {
    // What somebody may not read is left out; `SY-22 small files come many in one answer` has what is in it for whom.
    ask: ({ orgId, referenceHash }) => ({
      path: endpoints.fetchSmallFiles(orgId),
      init: post({ hashes: [referenceHash] }),
    }),
    expected: forMembers(200),
  },
  'GET /api/v1/organizations/:orgId/files/:sha256': {
    ask: ({ orgId, referenceHash }) => ({ path: endpoints.file(orgId, referenceHash) }),
    expected: forMembers(200, { otherIntern: 404, withdrawn: 404 }),
  },
  'HEAD /api/v1/organizations/:orgId/files/:sha256': {
    ask: ({ orgId, referenceHash }) => ({
      path: endpoints.file(orgId, referenceHash),
      init: { method: 'HEAD' },
    }),
    expected: forMembers(200, { otherIntern: 404, withdrawn: 404 }),
  },
  'POST /api/v1/organizations/:orgId/uploads': {
    ask: ({ orgId }) => ({
      path: endpoints.uploads(orgId),
      init: tus('POST', {
        'upload-length': '4',
        'upload-metadata': `sha256 ${Buffer.from(computeSha256('abcd')).toString('base64')}`,
      }),
    }),
    expected: forMembers(201),
  },
  'HEAD /api/v1/organizations/:orgId/uploads/:uploadId': {
    ask: ({ uploadUrl }) => ({ path: uploadUrl, init: tus('HEAD') }),
    expected: forMembers(404, { intern: 200 }),
  },
  'PATCH /api/v1/organizations/:orgId/uploads/:uploadId': {
    ask: ({ uploadUrl }) => ({
      path: uploadUrl,
      init: {
        ...tus('PATCH', {
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
        }),
        body: 'ab',
      },
    }),
    expected: forMembers(404, { intern: 204 }),
  },
  'DELETE /api/v1/organizations/:orgId/uploads/:uploadId': {
    ask: ({ uploadUrl }) => ({ path: uploadUrl, init: tus('DELETE') }),
    expected: forMembers(404, { intern: 204 }),
  },
  'POST /api/v1/session/rekey': {
    ask: () => ({ path: endpoints.rekey, init: post({ deviceId: createId() }) }),
    expected: forSessions(200),
  },
  'DELETE /api/v1/session': {
    ask: () => ({ path: endpoints.session, init: { method: 'DELETE' } }),
    expected: forSessions(204),
  },
};

/** An organization with one of each kind of person, in the state in which they ask. */
async function createScene(): Promise<Scene> {
  const server = await startTestServer({
    metrics: { token: 'a token of the host' },
    rateLimits: {
      perAddress: { burst: 10_000, perMinute: 10_000 },
      perEmail: { burst: 10_000, perMinute: 10_000 },
    },
  });
  const { url } = server;
  const organization = await TestOrganization.create(url, `Acorn ${canary}`);
  const { orgId, owner } = organization;
  const content = Buffer.from(`content ${canary}`);
  await uploadContent(owner, orgId, content);
  const reference = createManifestFile(content, `${canary}.txt`);

  const intern = await organization.addIntern(`Ida ${engagementCanary}`);
  await organization.assignTask(intern.engagementId, {
    title: `Task ${engagementCanary} ${canary}`,
    references: [reference],
  });
  const otherProjectId = createId();
  await owner.apply(orgId, [
    'project.create',
    { projectId: otherProjectId, terms: { ...testProjectTerms, title: `Other ${canary}` } },
  ]);
  const { code } = await organization.invite({ projectId: otherProjectId });
  const otherIntern = new TestDevice(url);
  await otherIntern.register('Otto');
  await otherIntern.request('POST', endpoints.acceptInvitation, { code, membershipId: createId() });
  const withdrawn = await organization.addIntern('Wanda');
  await owner.apply(orgId, ['engagement.withdraw', { engagementId: withdrawn.engagementId }]);
  const removed = await organization.addIntern('Rolf');
  await owner.apply(orgId, ['member.remove', { membershipId: removed.membershipId, reason: null }]);
  const revoked = new TestDevice(url);
  await revoked.register('Rita');
  await revoked.request('DELETE', endpoints.session);
  const expired = new TestDevice(url);
  await expired.register('Egon');
  await runStatement(
    server,
    `update "sessions" set "expiresAt" = '2020-01-01T00:00:00.000Z' where "deviceId" = '${expired.deviceId}'`,
  );
  const stranger = (await TestOrganization.create(url, 'Elsewhere')).owner;
  const began = await intern.device.fetch(
    endpoints.uploads(orgId),
    tus('POST', {
      'upload-length': '4',
      'upload-metadata': `sha256 ${Buffer.from(computeSha256('abcd')).toString('base64')}`,
    }),
  );
  return {
    orgId,
    referenceHash: reference.sha256,
    uploadUrl: began.headers.get('location') ?? '',
    people: {
      nobody: new TestDevice(url),
      revoked,
      expired,
      stranger,
      removed: removed.device,
      otherIntern,
      withdrawn: withdrawn.device,
      intern: intern.device,
      manager: (await addManager(organization, 'Max')).device,
      owner,
    },
  };
}

interface Answer {
  readonly status: number;
  /** Headers and body; of a stream, its headers. */
  readonly text: string;
}

async function ask(device: TestDevice, path: string, init: RequestInit = {}): Promise<Answer> {
  const breaker = new AbortController();
  const response = await device.fetch(path, { ...init, signal: breaker.signal });
  const headers = JSON.stringify([...response.headers]);
  const isStream = response.headers.get('content-type')?.includes('event-stream') === true;
  const body = isStream ? '' : await response.text();
  breaker.abort();
  return { status: response.status, text: `${headers} ${body}` };
}

test('SY-10 every route of the server has a line in the table of permissions', async () => {
  expect(Object.keys(table).sort()).toEqual(await listRoutes());
});

test('SY-10 every route answers each kind of person as the table says, and nobody gets a word that is not for them', async () => {
  const scene = await createScene();
  const found: Record<string, Partial<Record<Kind, number>>> = {};
  const leaks: string[] = [];
  for (const [route, line] of Object.entries(table)) {
    const statuses: Partial<Record<Kind, number>> = {};
    for (const kind of kinds) {
      const device = scene.people[kind];
      const { path, init } = line.ask(scene, device);
      const { status, text } = await ask(device, path, init);
      statuses[kind] = status;
      if ([...noSession, ...outsiders].includes(kind) && text.includes(canary))
        leaks.push(`${route}: ${kind} got a text of the organization`);
      if (['otherIntern', 'withdrawn'].includes(kind) && text.includes(engagementCanary))
        leaks.push(`${route}: ${kind} got a text of another's engagement`);
    }
    found[route] = statuses;
  }
  expect(found).toEqual(
    Object.fromEntries(Object.entries(table).map(([route, { expected }]) => [route, expected])),
  );
  expect(leaks).toEqual([]);
});

test('SY-10 to a stranger, an organization that there is and one that there is not are the same', async () => {
  const scene = await createScene();
  const unknown = createId();
  const { stranger } = scene.people;
  const answers: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const [route, line] of Object.entries(table).filter(([name]) => name.includes(':orgId'))) {
    const { path, init } = line.ask(scene, stranger);
    const answer = async (orgId: string) => {
      const response = await stranger.fetch(path.replaceAll(scene.orgId, orgId), init);
      const body = await response.text();
      return { status: response.status, body: body.replaceAll(orgId, 'ID') };
    };
    answers[route] = await answer(scene.orgId);
    expected[route] = await answer(unknown);
  }
  expect(Object.keys(answers)).not.toEqual([]);
  expect(answers).toEqual(expected);
});

test('SY-10 the canaries do reach those for whom they are meant', async () => {
  const { orgId, people } = await createScene();
  const pull = async (device: TestDevice) => JSON.stringify(await device.pull(orgId));
  expect(await pull(people.owner)).toContain(engagementCanary);
  expect(await pull(people.manager)).toContain(engagementCanary);
  expect(await pull(people.intern)).toContain(engagementCanary);
  expect(await pull(people.otherIntern)).toContain(canary);
});

test('SY-10 checksums are of scopes that the person may see, and of no others', async () => {
  const { orgId, people } = await createScene();
  const listScopes = async (device: TestDevice) => {
    const { scopes } = await people.intern.pull(orgId);
    const { checksums } = await device.request<{ checksums: { scope: string }[] }>(
      'POST',
      endpoints.checksums(orgId),
      { scopes: [...scopes.map(({ scope }) => scope), 'desk', '*'] },
    );
    return checksums.map(({ scope }) => scope).sort();
  };
  const { scopes } = await people.intern.pull(orgId);
  expect(await listScopes(people.intern)).toEqual(scopes.map(({ scope }) => scope).sort());
  expect(await listScopes(people.otherIntern)).toEqual(['org']);
});

test('SY-10 what happens in an organization pokes its members, and neither strangers nor those who had to go', async () => {
  const { orgId, people } = await createScene();
  const listening = await Promise.all(
    (['owner', 'intern', 'withdrawn', 'stranger', 'removed'] as const).map(
      async (kind) => [kind, await openPokeStream(people[kind])] as const,
    ),
  );
  await people.owner.apply(orgId, [
    'project.create',
    { projectId: createId(), terms: testProjectTerms },
  ]);
  const { head } = await people.owner.pull(orgId);
  const streams = Object.fromEntries(listening);
  const findLast = (kind: string) =>
    streams[kind]?.pokes.findLast((poke) => poke.orgId === orgId)?.seq;
  for (const kind of ['owner', 'intern', 'withdrawn'])
    await expect.poll(() => findLast(kind)).toBe(head.seq);
  expect(findLast('stranger')).toBeUndefined();
  expect(findLast('removed')).toBeUndefined();
});

test('SY-10 every change is refused to each role that may not make it', async () => {
  const { orgId, people } = await createScene();
  const found: Record<string, string[]> = {};
  const expected: Record<string, string[]> = {};
  for (const definition of mutationDefinitions) {
    expected[definition.name] = (['owner', 'manager', 'intern'] as const).filter(
      (role) => definition.by !== 'server' && (definition.by as readonly string[]).includes(role),
    );
    const allowed: string[] = [];
    for (const role of ['owner', 'manager', 'intern'] as const) {
      // Arguments that no mutation takes: whoever may make it hears so, everybody else that they may not.
      const { code } = await people[role].pushOne(orgId, definition.name, 'none');
      if (code !== 'forbidden') allowed.push(role);
    }
    found[definition.name] = allowed;
  }
  expect(found).toEqual(expected);
});
