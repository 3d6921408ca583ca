import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type LoopbackServer,
  startLoopbackServer,
} from '../../../src/main/loopback/loopback-server.ts';
import { findPeerUser } from '../../../src/main/loopback/peer-user.ts';
import { maxBodyBytes } from '../../../src/main/loopback/read-json-body.ts';
import { hostPaths, tokenHeader } from '../../../src/shared/contract/carriers.ts';
import { createRendererFolder, type RendererFolder } from '../../support/hosts/renderer-folder.ts';
import { ScriptedEngine } from '../../support/hosts/scripted-engine.ts';
import { type RawRequest, sendRawRequest } from '../../support/hosts/send-raw-request.ts';

let renderer: RendererFolder;
let engine: ScriptedEngine;
let server: LoopbackServer;
const logged: string[] = [];

beforeEach(async () => {
  renderer = await createRendererFolder();
  engine = new ScriptedEngine();
  engine.answers.set('echo', (input) => ({ input }));
  engine.answers.set('broken', () => {
    throw new Error('password hunter2');
  });
  logged.length = 0;
  server = await startLoopbackServer({
    engine,
    rendererFolder: renderer.folder,
    port: 0,
    log: { info: () => undefined, error: (message) => logged.push(message) },
  });
});

afterEach(async () => {
  await server.close();
  await renderer.remove();
});

const send = (sent: RawRequest) => sendRawRequest(server.port, sent);

const authorised = (headers: Record<string, string> = {}) => ({
  [tokenHeader]: server.token,
  'content-type': 'application/json',
  ...headers,
});

const call = (headers: Record<string, string>, body = '{"a":1}', name = 'echo') =>
  send({ method: 'POST', path: hostPaths.request(name), headers, body });

function listOpenFiles(): string[] {
  const folder = '/proc/self/fd';
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(join(folder, name))];
    } catch {
      return [];
    }
  });
}

async function obtainCookie(): Promise<string> {
  const answer = await call(authorised());
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

test.for([{}, { frame: '' }])(
  'who goes while a file is fetched leaves it closed (%o)',
  async (options, { skip }) => {
    skip(process.platform !== 'linux', '/proc is of Linux alone');
    const path = join(renderer.folder, 'index.html');
    const file = { path, name: 'a.html', mediaType: 'text/html', sizeBytes: 1 };
    const fetched = Promise.withResolvers<typeof file>();
    const asked = Promise.withResolvers<void>();
    engine.openAttachment = () => {
      asked.resolve();
      return fetched.promise;
    };
    const outgoing = request({
      port: server.port,
      path: `/files/seat/attachment?${new URLSearchParams(options).toString()}`,
      headers: authorised(),
    });
    outgoing.on('error', () => undefined).end();
    await asked.promise;
    outgoing.destroy();
    await wait(50);
    fetched.resolve(file);
    await wait(50);
    await vi.waitFor(() => expect(listOpenFiles()).not.toContain(path));
  },
);

describe('who may speak to it', () => {
  test('it listens on 127.0.0.1 and on no other address of this machine', async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((entry) => entry !== undefined && entry.address !== '127.0.0.1')
      .map((entry) => entry?.address ?? '')
      .filter((address) => !address.startsWith('fe80'));
    const outcomes = await Promise.all(
      ['127.0.0.2', ...others].map(
        (host) =>
          new Promise((resolve) => {
            const socket = connect({ host, port: server.port });
            socket.on('connect', () => resolve(`${host} answers`));
            socket.on('error', () => resolve('refused'));
          }),
      ),
    );
    expect(new Set(outcomes)).toEqual(new Set(['refused']));
  });

  test('each start has a token of its own, of 32 random bytes', async () => {
    const other = await startLoopbackServer({
      engine,
      rendererFolder: renderer.folder,
      port: 0,
      log: { info: () => undefined, error: () => undefined },
    });
    await other.close();
    expect(Buffer.from(server.token, 'base64url')).toHaveLength(32);
    expect(other.token).not.toBe(server.token);
  });

  test.each([
    'stint.example',
    '127.0.0.1',
    '127.0.0.1:1',
    '[::1]:80',
    '0.0.0.0',
    'localhost.evil.example',
  ])('a request under the Host %s is refused, with the right token too', async (host) => {
    const answer = await call(authorised({ host }));
    expect(answer.status).toBe(403);
    expect(engine.dispatched).toEqual([]);
    expect((await send({ path: '/', headers: { host } })).status).toBe(403);
  });

  test.each(['http://stint.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'a request of the Origin %s is refused, with the right token too',
    async (origin) => {
      const answer = await call(authorised({ origin }));
      expect(answer.status).toBe(403);
      expect(engine.dispatched).toEqual([]);
    },
  );

  test('the own origin is taken under both names of this machine', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      const host = `${name}:${server.port}`;
      expect((await call(authorised({ host, origin: `http://${host}` }))).status).toBe(200);
    }
    const crossed = { host: `localhost:${server.port}`, origin: `http://127.0.0.1:${server.port}` };
    expect((await call(authorised(crossed))).status).toBe(403);
  });

  test('a request without the token, or with a wrong one, reaches no engine', async () => {
    const json = { 'content-type': 'application/json' };
    const missing = await call(json);
    expect(missing.status).toBe(401);
    expect(missing.json).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    for (const token of ['', 'x', `${server.token}x`, server.token.slice(1)])
      expect((await call({ ...json, [tokenHeader]: token })).status).toBe(401);
    expect(engine.dispatched).toEqual([]);
  });

  test('the session cookie alone may not ask the engine, nor import', async () => {
    const cookie = await obtainCookie();
    const before = engine.dispatched.length;
    expect((await call({ cookie, 'content-type': 'application/json' })).status).toBe(401);
    const imported = await send({
      method: 'PUT',
      path: hostPaths.import('a'),
      headers: { cookie },
      body: 'x',
    });
    expect(imported.status).toBe(401);
    expect(engine.dispatched).toHaveLength(before);
    expect(engine.imported).toEqual([]);
  });

  test('the cookie is set by the first authorised answer, out of the reach of scripts and of other sites', async () => {
    expect((await send({ path: '/' })).headers['set-cookie']).toBeUndefined();
    expect(
      (await call({ 'content-type': 'application/json' })).headers['set-cookie'],
    ).toBeUndefined();
    const set = String((await call(authorised())).headers['set-cookie']);
    expect(set).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(set).not.toContain(server.token);
    const cookie = set.split(';')[0] ?? '';
    expect((await call(authorised({ cookie }))).headers['set-cookie']).toBeUndefined();
  });

  test('files, exports and events want the cookie or the token', async () => {
    const cookie = await obtainCookie();
    engine.exports.set('a.zip', {
      path: `${renderer.folder}/stint.svg`,
      name: 'a.zip',
      sizeBytes: 1,
    });
    for (const path of [hostPaths.file('s', 'a'), hostPaths.exported('a.zip'), hostPaths.events])
      expect((await send({ path })).status).toBe(401);
    expect((await send({ path: hostPaths.file('s', 'a'), headers: { cookie } })).status).toBe(404);
    expect((await send({ path: hostPaths.exported('a.zip'), headers: { cookie } })).status).toBe(
      200,
    );
  });

  test('an escaped spelling of a private path does not slip past', async () => {
    engine.attachments.set('s/a', {
      path: `${renderer.folder}/stint.svg`,
      name: 'a',
      mediaType: 'text/plain',
      sizeBytes: 1,
    });
    for (const path of [
      '/%66iles/s/a',
      '/./files/s/a',
      '/x/../files/s/a',
      '//files/s/a',
      '/files%2fs%2fa',
    ]) {
      const answer = await send({ path });
      expect(answer.text).not.toContain('<svg');
    }
  });

  test.each(['same-site', 'cross-site'])(
    'a %s page cannot use the cookie, as one on another port of this machine could',
    async (site) => {
      const cookie = await obtainCookie();
      const headers = { cookie, 'sec-fetch-site': site };
      expect((await send({ path: hostPaths.file('s', 'a'), headers })).status).toBe(403);
    },
  );

  test('no answer allows another origin to read it', async () => {
    const preflight = await send({
      method: 'OPTIONS',
      path: hostPaths.request('echo'),
      headers: { origin: 'http://stint.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(403);
    for (const answer of [preflight, await send({ path: '/' }), await call(authorised())])
      expect(
        Object.keys(answer.headers).filter((name) => name.startsWith('access-control')),
      ).toEqual([]);
  });

  test('the opening address leads to the token once, and then no more', async () => {
    const { pathname } = new URL(server.createOpeningUrl());
    expect(pathname).not.toContain(server.token);
    expect((await send({ path: '/open/guessed' })).headers['location']).toBeUndefined();
    const first = await send({ path: pathname });
    expect(first.status).toBe(302);
    expect(first.headers['location']).toBe(`/#token=${server.token}`);
    expect((await send({ path: pathname })).headers['location']).toBeUndefined();
  });

  test.runIf(process.platform === 'linux' && process.getuid?.() === 0).each([
    ['by the address as it is', `{ host: '127.0.0.1' }`],
    ['from another address of this machine', `{ host: '127.0.0.1', localAddress: '127.0.0.2' }`],
    ['by the same address in IPv6', `{ host: '::ffff:127.0.0.1' }`],
  ])(
    'another user who has read the opening address off the command line is not led to the token, %s',
    async (_way, way) => {
      const { pathname } = new URL(server.createOpeningUrl());
      const asked = `require('http').get({ ...${way}, port: ${server.port}, path: '${pathname}', headers: { host: '127.0.0.1:${server.port}' } }, ({ statusCode }) => { console.log(statusCode); process.exit(); })`;
      const stranger = spawn(process.execPath, ['-e', asked], { uid: 65_534, cwd: '/' });
      const answered: string[] = [];
      stranger.stdout.on('data', (chunk: Buffer) => void answered.push(chunk.toString()));
      await once(stranger, 'close');
      expect(answered.join('').trim()).toBe('200');
      // It is not used up by that.
      expect((await send({ path: pathname })).status).toBe(302);
    },
  );

  test('whose a connection is stands in the table of connections', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 1 1',
      '   1: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2 1',
    ].join('\n');
    expect(findPeerUser(table, 0xc001, 0x1f90)).toBe(1001);
    expect(findPeerUser(table, 0xc002, 0x1f90)).toBeUndefined();
    const mapped =
      '   0: 0000000000000000FFFF00000100007F:C002 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000  1002        0 3 1';
    expect(findPeerUser(`${table}\n${mapped}`, 0xc002, 0x1f90)).toBe(1002);
  });
});

describe('what it answers', () => {
  test('a request reaches the engine as a page’s own, and its answer comes back', async () => {
    const answer = await call(authorised());
    expect(answer.json).toEqual({ ok: true, value: { input: { a: 1 } } });
    expect(engine.dispatched).toEqual([{ name: 'echo', input: { a: 1 }, audience: 'renderer' }]);
  });

  test('an unexpected failure is told without its words, and written to the log', async () => {
    const answer = await call(authorised(), '{}', 'broken');
    expect(answer.json).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(answer.text).not.toContain('hunter2');
    expect(logged).toEqual(['broken failed unexpectedly']);
  });

  test.each([
    ['another type', { 'content-type': 'text/plain' }, '{}', 400],
    ['no JSON', {}, '{', 400],
    ['too large a body', {}, JSON.stringify('x'.repeat(maxBodyBytes)), 413],
  ])('%s is refused as a bad request', async (_, headers, body, status) => {
    const answer = await call(authorised(headers), body);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ ok: false });
    expect(engine.dispatched).toEqual([]);
  });

  test('a body without a stated length is cut off at the limit', async () => {
    const status = await new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: server.port,
          method: 'POST',
          path: hostPaths.request('echo'),
          headers: { ...authorised(), 'transfer-encoding': 'chunked' },
        },
        (response) => resolve(response.resume().statusCode),
      );
      outgoing.on('error', reject);
      outgoing.write('"');
      outgoing.write('x'.repeat(maxBodyBytes));
    });
    expect(status).toBe(413);
  });

  test('a request is asked by POST only', async () => {
    expect((await send({ path: hostPaths.request('echo'), headers: authorised() })).status).toBe(
      405,
    );
  });

  test('every answer carries the security headers', async () => {
    const answers = [
      await send({ path: '/' }),
      await send({ path: '/stint.svg' }),
      await send({ path: '/missing.js' }),
      await send({ path: '/', headers: { host: 'stint.example' } }),
      await call(authorised()),
      await send({ path: hostPaths.file('s', 'a'), headers: authorised() }),
    ];
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['permissions-policy']).toContain('camera=()');
      // Names that Chromium does not know fill its console with warnings.
      expect(headers['permissions-policy']).not.toMatch(/bluetooth|web-share/u);
    }
  });

  test('events arrive as they happen, and leaving ends the subscription', async () => {
    const abort = new AbortController();
    const response = await fetch(`http://127.0.0.1:${server.port}${hostPaths.events}`, {
      headers: { [tokenHeader]: server.token },
      signal: abort.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    await vi.waitFor(() => expect(engine.listeners.size).toBe(1));
    engine.emit({ type: 'changed', seatId: 's', tables: ['tasks'] });
    let text = '';
    while (!text.includes('tasks')) text += (await reader?.read())?.value ?? '';
    expect(text).toContain('data: {"type":"changed","seatId":"s","tables":["tasks"]}\n\n');
    abort.abort();
    await vi.waitFor(() => expect(engine.listeners.size).toBe(0));
  });

  test('an import is handed on as it arrives, whatever its size', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 7);
    const count = 24;
    const sent = Array.from({ length: count }, () => chunk);
    const response = await fetch(
      `http://127.0.0.1:${server.port}${hostPaths.import('Résumé 1.pdf')}`,
      {
        method: 'PUT',
        headers: { [tokenHeader]: server.token },
        body: Readable.toWeb(Readable.from(sent)) as BodyInit,
        duplex: 'half',
      } as RequestInit,
    );
    const sha256 = createHash('sha256').update(Buffer.concat(sent)).digest('hex');
    expect(await response.json()).toMatchObject({
      name: 'Résumé 1.pdf',
      sizeBytes: 24 * 1024 * 1024,
      sha256,
    });
    expect(engine.imported).toHaveLength(1);
  });

  test('an import that breaks off is told to the engine as broken', async () => {
    const outgoing = request({
      host: '127.0.0.1',
      port: server.port,
      method: 'PUT',
      path: hostPaths.import('a.bin'),
      headers: { [tokenHeader]: server.token, 'content-length': '1000' },
    });
    outgoing.on('error', () => undefined);
    outgoing.write('x'.repeat(10), () => outgoing.destroy());
    await vi.waitFor(() => expect(engine.brokenImports).toBe(1));
    expect(engine.imported).toEqual([]);
  });

  test('an import without a name, and one that the engine refuses, say what was expected', async () => {
    const headers = { [tokenHeader]: server.token };
    const nameless = await send({ method: 'PUT', path: '/api/import', headers, body: 'x' });
    expect(nameless.status).toBe(400);
    expect(nameless.json).toMatchObject({ error: { code: 'invalid_input', field: 'name' } });
    const refused = await send({
      method: 'PUT',
      path: hostPaths.import('a/b'),
      headers,
      body: 'x',
    });
    expect(refused.status).toBe(400);
  });

  test('a port that is taken is named', async () => {
    const second = startLoopbackServer({
      engine,
      rendererFolder: renderer.folder,
      port: server.port,
      log: { info: () => undefined, error: () => undefined },
    });
    await expect(second).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(String(server.port)) as string,
    });
  });
});
