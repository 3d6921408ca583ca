import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { wireErrorSchema } from '../../../src/shared/protocol/error-body.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { openPokeStream } from '../../support/server/poke-stream.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const minuteMs = 60_000;

async function start() {
  const time = createHeldTime();
  const server = await startTestServer({ ports: { clock: time.clock, timers: time.timers } });
  return { time, ...server };
}

/** A line on which a request was begun, and all that has come back on it. */
async function begin(url: string, head: readonly string[]) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const line = { socket, heard: '', isClosed: false };
  socket.on('data', (piece: Buffer) => void (line.heard += piece.toString('utf8')));
  socket.on('error', () => undefined);
  socket.once('close', () => void (line.isClosed = true));
  await once(socket, 'connect');
  await send(socket, `${head.join('\r\n')}\r\nhost: stint\r\n\r\n`);
  return line;
}

/** Until the server has had the time to read it. */
async function send(socket: Socket, text: string | Uint8Array): Promise<void> {
  await new Promise((resolve) => socket.write(text, resolve));
  await new Promise((resolve) => setTimeout(resolve, 20));
}

async function beginUpload(device: TestDevice, orgId: string, content: Uint8Array) {
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(content)));
  const begun = await device.fetch(endpoints.uploads(orgId), {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(content.byteLength),
      'upload-metadata': `sha256 ${btoa(sha256.toString('hex'))}`,
    },
  });
  const address = begun.headers.get('location') ?? '';
  return [
    `PATCH ${address} HTTP/1.1`,
    `authorization: Bearer ${device.token}`,
    'tus-resumable: 1.0.0',
    'upload-offset: 0',
    'content-type: application/offset+octet-stream',
    `content-length: ${content.byteLength}`,
  ];
}

test.each(['', '{', '{"'])(
  'a request that states a body, sends %j of it and then nothing is ended, and told so',
  async (sent) => {
    const { time, url } = await start();
    const line = await begin(url, [
      `POST ${endpoints.session} HTTP/1.1`,
      'content-type: application/json',
      'content-length: 500',
    ]);
    await send(line.socket, sent);
    time.advance(minuteMs);
    await send(line.socket, '');
    expect(line.isClosed).toBe(false);
    time.advance(minuteMs);
    await expect.poll(() => line.isClosed).toBe(true);
    const [head = '', body = ''] = line.heard.split('\r\n\r\n');
    expect(head).toContain('408 Request Timeout');
    expect(wireErrorSchema.parse(JSON.parse(body)).error.code).toBe('unavailable');
  },
);

test('a small request comes within minutes, however steadily it trickles', async () => {
  const { time, url } = await start();
  const { orgId, owner } = await TestOrganization.create(url);
  const line = await begin(url, [
    `POST ${endpoints.pull(orgId)} HTTP/1.1`,
    `authorization: Bearer ${owner.token}`,
    'content-type: application/json',
    'content-length: 60000',
  ]);
  for (let minute = 0; minute < 4 && !line.isClosed; minute += 1) {
    await send(line.socket, ' '.repeat(2000));
    time.advance(minuteMs);
    await send(line.socket, '');
  }
  await expect.poll(() => line.isClosed).toBe(true);
  expect(line.heard).toContain('408 Request Timeout');
});

test('a body in chunks that trickles for a route that nobody asked for is ended as well', async () => {
  const { time, url } = await start();
  const line = await begin(url, ['POST /nowhere HTTP/1.1', 'transfer-encoding: chunked']);
  for (let minute = 0; minute < 3 && !line.isClosed; minute += 1) {
    await send(line.socket, '1\r\nx\r\n');
    time.advance(minuteMs);
  }
  await expect.poll(() => line.isClosed).toBe(true);
});

test('SY-22 an upload lasts for as long as it goes on, however slowly, and ends when it stands', async () => {
  const { time, url } = await start();
  const { orgId, owner } = await TestOrganization.create(url);
  const content = randomBytes(30_000);
  const line = await begin(url, await beginUpload(owner, orgId, content));
  for (let minute = 0; minute < 12; minute += 1) {
    await send(line.socket, content.subarray(minute * 1500, (minute + 1) * 1500));
    time.advance(minuteMs);
  }
  expect(line.isClosed).toBe(false);
  for (let minute = 0; minute < 3 && !line.isClosed; minute += 1) {
    await send(line.socket, content.subarray(18_000 + minute, 18_001 + minute));
    time.advance(minuteMs);
  }
  await expect.poll(() => line.isClosed).toBe(true);
});

test('a stream of pokes, and an upload that came whole, are not timed', async () => {
  const { time, url } = await start();
  const { orgId, owner } = await TestOrganization.create(url);
  const stream = await openPokeStream(owner);
  let hasEnded = false;
  const noteEnd = (): void => void (hasEnded = true);
  stream.ended.then(noteEnd, noteEnd);
  const content = randomBytes(3000);
  const line = await begin(url, await beginUpload(owner, orgId, content));
  await send(line.socket, content);
  await expect.poll(() => line.heard).toContain('204');
  time.advance(10 * minuteMs);
  await send(line.socket, '');
  expect(line.isClosed).toBe(false);
  expect(hasEnded).toBe(false);
});
