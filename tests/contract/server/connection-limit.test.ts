import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { wireErrorSchema } from '../../../src/shared/protocol/error-body.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

/** Opens a connection; answers whether the server kept it for a moment. */
async function open(url: string): Promise<{ socket: Socket; isKept: () => boolean }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let isClosed = false;
  socket.on('error', () => undefined);
  socket.resume().once('close', () => (isClosed = true));
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, isKept: () => !isClosed };
}

const ask = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${url}${endpoints.server}`, { headers: { connection: 'close', ...headers } });

async function openStream(device: TestDevice, address: string): Promise<void> {
  const breaker = new AbortController();
  onTestFinished(() => breaker.abort());
  const { status } = await device.fetch(endpoints.pokes, {
    headers: { 'x-forwarded-for': address },
    signal: breaker.signal,
  });
  expect(status).toBe(200);
}

test('one address keeps so many connections open; the next hears why, and is let in when one is closed', async () => {
  const { url } = await startTestServer({ connectionsPerAddress: 3 });
  const held = [await open(url), await open(url), await open(url)];
  const refused = await ask(url);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('30');
  expect(refused.headers.get('connection')).toBe('close');
  expect(wireErrorSchema.parse(await refused.json()).error.code).toBe('rate_limited');
  expect(held.every(({ isKept }) => isKept())).toBe(true);
  held[0]?.socket.destroy();
  await expect.poll(async () => (await ask(url)).status).toBe(200);
});

test('connections far beyond the limit are closed at once', async () => {
  const { url } = await startTestServer({ connectionsPerAddress: 1 });
  const opened = await Promise.all(Array.from({ length: 60 }, () => open(url)));
  await expect.poll(() => opened.filter(({ isKept }) => isKept()).length).toBeLessThan(40);
});

test('behind a trusted proxy the requests under way are counted by the address that it names', async () => {
  const { url } = await startTestServer({ connectionsPerAddress: 2, trustProxy: true });
  const { owner } = await TestOrganization.create(url);
  for (let count = 0; count < 2; count += 1) await openStream(owner, '192.0.2.1');
  expect((await ask(url, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(429);
  expect((await ask(url, { 'x-forwarded-for': '192.0.2.2' })).status).toBe(200);
  expect((await ask(url)).status).toBe(200);
});

test('without a bound, and for one after the other, nobody is refused', async () => {
  const { url } = await startTestServer({ connectionsPerAddress: 0 });
  for (let count = 0; count < 3; count += 1) await open(url);
  expect((await ask(url)).status).toBe(200);
  const bounded = await startTestServer({ connectionsPerAddress: 1, trustProxy: true });
  for (let count = 0; count < 5; count += 1)
    expect((await ask(bounded.url, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(200);
});

test('one account has so many requests under way at once; others, its streams and what it asks later are answered', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  const held = await Promise.all(Array.from({ length: 130 }, () => open(url)));
  for (const { socket } of held)
    socket.write(
      `POST ${endpoints.pull(orgId)} HTTP/1.1\r\nhost: stint\r\nauthorization: Bearer ${owner.token}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n`,
    );
  await expect
    .poll(async () => (await owner.fetch(endpoints.account)).status, { interval: 20 })
    .toBe(429);
  await openStream(owner, '192.0.2.1');
  expect((await intern.fetch(endpoints.account)).status).toBe(200);
  for (const { socket } of held) socket.destroy();
  await expect.poll(async () => (await owner.fetch(endpoints.account)).status).toBe(200);
});
