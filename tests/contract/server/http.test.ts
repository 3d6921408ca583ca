import { once } from 'node:events';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { wireErrorSchema } from '../../../src/shared/protocol/error-body.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { serverInfoSchema } from '../../../src/shared/protocol/accounts.ts';
import { protocolHeader, protocolVersion } from '../../../src/shared/protocol/version.ts';
import { inspectDatabase } from '../../support/server/test-database.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { createId, createInvitationCode } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

test('a server tells anyone what it is', async () => {
  const { url } = await startTestServer({ name: 'Career office', signup: 'invitation' });
  const response = await fetch(`${url}${endpoints.server}`);
  expect(serverInfoSchema.parse(await response.json())).toMatchObject({
    product: 'stint',
    protocol: protocolVersion,
    name: 'Career office',
    signup: 'invitation',
  });
  expect(response.headers.get(protocolHeader)).toBe(String(protocolVersion));
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
});

test('SY-20 a program of another protocol version hears what was expected and what was found', async () => {
  const { url } = await startTestServer();
  const device = new TestDevice(url);
  const headers = { [protocolHeader]: '7' };
  const response = await device.fetch(endpoints.account, { headers });
  expect(response.status).toBe(426);
  const { error } = wireErrorSchema.parse(await response.json());
  expect(error.code).toBe('protocol_unsupported');
  expect(error.message).toContain(`version ${protocolVersion}`);
  expect(error.message).toContain('version 7');
  expect((await device.fetch(endpoints.server, { headers })).status).toBe(200);
});

test('whatever goes wrong, the answer is an error of one shape', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const json = { 'content-type': 'application/json' };
  const pull = endpoints.pull(orgId);
  const cases: [expected: [number, string], path: string, init: RequestInit][] = [
    [[404, 'not_found'], '/no/such/place', {}],
    [[404, 'not_found'], endpoints.account, { method: 'PUT' }],
    [[401, 'not_signed_in'], endpoints.account, { headers: { authorization: 'Bearer x' } }],
    [[400, 'invalid_input'], pull, { method: 'POST', headers: json, body: '{"secret": oops' }],
    [[400, 'invalid_input'], pull, { method: 'POST', headers: json, body: '' }],
    [[400, 'invalid_input'], pull, { method: 'POST', headers: json, body: '{"scopes":7}' }],
    [
      [415, 'invalid_input'],
      pull,
      { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<x/>' },
    ],
    [
      [400, 'invalid_input'],
      endpoints.pull('no-id'),
      { method: 'POST', headers: json, body: '{}' },
    ],
    // What nobody in particular sends is short, and no more of it is read.
    ...[endpoints.register, endpoints.session, endpoints.inspectInvitation].map(
      (path): [[number, string], string, RequestInit] => [
        [413, 'too_large'],
        path,
        { method: 'POST', headers: json, body: JSON.stringify({ code: 'x'.repeat(65_536) }) },
      ],
    ),
    [[413, 'too_large'], pull, { method: 'POST', headers: json, body: 'x'.repeat(1_100_000) }],
    [
      [404, 'not_found'],
      `${endpoints.uploads(orgId)}/${createId()}`,
      { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } },
    ],
    [[404, 'not_found'], endpoints.file(orgId, '../../keys'), {}],
    [[404, 'not_found'], endpoints.file(orgId, 'f'.repeat(64)), {}],
    [[400, 'invalid_input'], '/%', {}],
  ];
  for (const [[status, code], path, init] of cases) {
    const response = await owner.fetch(path, init);
    expect([path, response.status]).toEqual([path, status]);
    if (init.method === 'HEAD') continue;
    const text = await response.text();
    expect(wireErrorSchema.parse(JSON.parse(text)).error.code).toBe(code);
    expect(text).not.toContain('oops');
  }
});

test('an input at fault is named by its field, and never repeated', async () => {
  const { url } = await startTestServer();
  const failure = await new TestDevice(url)
    .register('Ida', { email: 'no address', password: 'long enough' })
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ status: 400, code: 'invalid_input', field: 'email' });
  expect((failure as Error).message).toContain('e-mail');
  expect((failure as Error).message).not.toContain('no address');
});

test('answers carry security headers, and no other origin is let in', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const origin = { origin: 'https://evil.example' };
  const answers = [
    await owner.fetch('/', { headers: origin }),
    await owner.fetch(endpoints.account, { headers: origin }),
    await owner.fetch('/nowhere', { headers: origin }),
    await owner.fetch(endpoints.account, { method: 'OPTIONS', headers: origin }),
    await owner.fetch(endpoints.uploads(orgId), {
      method: 'POST',
      headers: {
        ...origin,
        'tus-resumable': '1.0.0',
        'upload-length': '1',
        'upload-metadata': 'sha256 Zm9v',
      },
    }),
  ];
  for (const answer of answers) {
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual(
      [],
    );
  }
});

test('the pages for people who open an invitation in a browser hold no script and no name unescaped', async () => {
  const { url } = await startTestServer({
    name: '<b>Office</b>',
    publicUrl: 'https://stint.example',
  });
  for (const path of ['/', '/join']) {
    const response = await fetch(`${url}${path}`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const text = await response.text();
    expect(text).not.toContain('<script');
    expect(text).not.toContain('<b>Office');
    expect(text).toContain('&lt;b&gt;Office');
  }
  expect(await (await fetch(`${url}/`)).text()).toContain('https://stint.example');
});

test('what cannot be read as a request is answered by an error of the same shape', async () => {
  const { url } = await startTestServer();
  const { hostname, port } = new URL(url);
  const ask = async (text: string) => {
    const socket = connect(Number(port), hostname);
    socket.end(text);
    const [head = '', body = ''] = (await readText(socket)).split('\r\n\r\n');
    return [head.split('\r\n')[0], wireErrorSchema.parse(JSON.parse(body)).error.code];
  };
  expect(await ask('no request\r\n\r\n')).toEqual(['HTTP/1.1 400 Bad Request', 'invalid_input']);
  expect(await ask(`GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`)).toEqual([
    'HTTP/1.1 431 Request Header Fields Too Large',
    'invalid_input',
  ]);
});

test('the log holds what happened, and no body, query, token, code, password or e-mail address', async () => {
  const lines: string[] = [];
  const { url } = await startTestServer({
    logLevel: 'trace',
    logTo: { write: (line) => void lines.push(line) },
  });
  const organization = await TestOrganization.create(url, 'Secret name');
  const { orgId, owner } = organization;
  const device = new TestDevice(url);
  await device.register('Ida', { email: 'ida@example.org', password: 'a secret password' });
  await device.signIn('ida@example.org', 'a wrong secret').catch(() => undefined);
  const code = createInvitationCode();
  await device.request('POST', endpoints.inspectInvitation, { code }).catch(() => undefined);
  await owner.fetch(`${endpoints.account}?token=secret-query`);
  await owner.fetch(endpoints.pull(orgId), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"secret-body',
  });
  await uploadContent(owner, orgId, Buffer.from('secret content'));
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(`GET / HTTP/1.1\r\nauthorization: Bearer ${owner.token}\r\nno header\r\n\r\n`);
  await once(socket.resume(), 'close');
  await expect.poll(() => lines.join('')).toContain('client error');
  const log = lines.join('');
  // Bytes may stand there one by one.
  expect(log).not.toMatch(/Buffer|rawPacket/);
  expect(log).toContain('"route":"/api/v1/organizations/:orgId/pull"');
  for (const secret of [
    'secret',
    'Secret',
    'ida@example',
    code,
    String(owner.token),
    String(device.token),
  ])
    expect(log).not.toContain(secret);
});

test('a fault is logged by where it happened, and told to nobody', async () => {
  const lines: string[] = [];
  const { url, dataFolder } = await startTestServer({
    logLevel: 'error',
    logTo: { write: (line) => void lines.push(line) },
  });
  const device = new TestDevice(url);
  inspectDatabase(dataFolder, (connection) =>
    connection.exec(
      `create trigger broken before insert on accounts begin select raise(abort, 'private detail'); end`,
    ),
  );
  const failure = await device.register('Ida').catch((error: unknown) => error);
  expect(failure).toMatchObject({ status: 500, code: 'server_error' });
  expect((failure as Error).message).not.toContain('private detail');
  expect(lines.join('')).toContain('SQLITE_CONSTRAINT');
  expect(lines.join('')).not.toContain('private detail');
});
