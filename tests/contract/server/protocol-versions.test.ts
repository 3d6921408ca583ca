import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { WireError } from '../../../src/shared/protocol/error-body.ts';
import {
  oldestPullVersion,
  protocolHeader,
  protocolVersion,
} from '../../../src/shared/protocol/version.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { createId } from '../../support/server/test-ids.ts';
import { testProjectTerms, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

async function ask(
  device: TestDevice,
  version: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  return await device.fetch(path, {
    method,
    headers: { [protocolHeader]: version, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function readError(response: Response): Promise<WireError['error']> {
  return ((await response.json()) as WireError).error;
}

test('SY-20 version 1 pushes, asks for missing files and signs out as ever', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const {
    anchor: _anchor,
    acknowledged: _acknowledged,
    ...mutation
  } = owner.createMutation('project.create', {
    projectId: createId(),
    terms: testProjectTerms,
  });
  const pushed = await ask(owner, '1', 'POST', endpoints.push(orgId), { mutations: [mutation] });
  expect(pushed.status).toBe(200);
  expect(await pushed.json()).toMatchObject({
    results: [{ id: mutation.id, status: 'applied', repeated: false }],
    head: { seq: 3 },
  });
  const missing = await ask(owner, '1', 'POST', endpoints.missingFiles(orgId), { files: [] });
  expect(missing.status).toBe(200);
  expect((await ask(owner, '1', 'GET', endpoints.account)).status).toBe(200);
  expect((await owner.fetch(endpoints.session, { method: 'DELETE' })).status).toBe(204);
});

test.for(['1', '2'])(
  'SY-20 version %s neither pulls, compares nor listens any more, and hears that nothing is lost',
  async (version) => {
    const { url } = await startTestServer();
    const { orgId, owner } = await TestOrganization.create(url);
    const before = await owner.pull(orgId);
    for (const [method, path, body] of [
      ['POST', endpoints.pull(orgId), { scopes: [], head: null }],
      ['POST', endpoints.checksums(orgId), { scopes: ['*'] }],
      ['GET', endpoints.pokes, undefined],
    ] as const) {
      const answer = await ask(owner, version, method, path, body);
      expect(answer.status).toBe(426);
      const error = await readError(answer);
      expect(error.code).toBe('protocol_unsupported');
      expect(error.message).toMatch(
        new RegExp(`version ${version} .* version ${oldestPullVersion} .* update the app`),
      );
      expect(error.message).toContain('nothing is lost');
    }
    expect((await owner.pull(orgId)).head).toEqual(before.head);
  },
);

test('SY-20 a version of tomorrow asks for a newer server, everywhere', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const newer = String(protocolVersion + 1);
  for (const [method, path] of [
    ['POST', endpoints.push(orgId)],
    ['POST', endpoints.pull(orgId)],
    ['GET', endpoints.account],
    ['POST', endpoints.session],
  ] as const) {
    const answer = await ask(owner, newer, method, path, method === 'POST' ? {} : undefined);
    expect(answer.status).toBe(426);
    expect((await readError(answer)).message).toMatch(/update the server$/);
  }
});

test('SY-20 what is no version is told apart from one that is not spoken, and never repeated', async () => {
  const { url } = await startTestServer();
  const { owner } = await TestOrganization.create(url);
  for (const garbage of ['0', '-1', '1.5', '1e0', '0x2', '02', 'two', '2, 2', '9'.repeat(300)]) {
    const answer = await ask(owner, garbage, 'GET', endpoints.account);
    expect([garbage.slice(0, 10), answer.status]).toEqual([garbage.slice(0, 10), 426]);
    const { code, message } = await readError(answer);
    expect(code).toBe('protocol_unsupported');
    expect(message).toContain(`from 1 to ${protocolVersion}`);
    expect(message).not.toContain('9999');
  }
});

test('SY-20 whoever asks for the server, in whatever version or none, hears its version', async () => {
  const { url } = await startTestServer();
  for (const version of ['1', '2', '99', 'x'])
    expect(
      (await fetch(`${url}${endpoints.server}`, { headers: { [protocolHeader]: version } })).status,
    ).toBe(200);
  const answer = await fetch(`${url}${endpoints.server}`);
  expect(await answer.json()).toMatchObject({ protocol: protocolVersion });
  expect(answer.headers.get(protocolHeader)).toBe(String(protocolVersion));
});
