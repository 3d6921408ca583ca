import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { computeSha256, createId } from '../../support/server/test-ids.ts';
import { TestOrganization, testProjectTerms } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

const minuteMs = 60_000;
/** More than the system keeps for a line on one machine. */
const content = randomBytes(16 * 1024 * 1024);

interface Reader {
  readonly socket: Socket;
  /** Of what was read; bytes beyond ASCII count as one each. */
  text: string;
}

/** Sends a request, and reads nothing of its answer yet. */
async function ask(
  url: string,
  device: TestDevice,
  requestLine: string,
  body = '',
): Promise<Reader> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const reader = { socket, text: '' };
  socket.on('error', () => undefined);
  socket.on('data', (piece: Buffer) => void (reader.text += piece.toString('latin1')));
  socket.pause();
  const head = [
    `${requestLine} HTTP/1.1`,
    'host: stint',
    `authorization: Bearer ${device.token}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  // Three times: the system itself keeps much of the first answer.
  for (let count = 0; count < 3; count += 1) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  await wait(50);
  return reader;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Reads what comes, until nothing does. */
async function readRest(reader: Reader): Promise<void> {
  reader.socket.resume();
  for (let before = -1; before !== reader.text.length; await wait(300)) before = reader.text.length;
}

test('an answer that nobody reads is broken off after a while, and one that is read slowly is not', async () => {
  const time = createHeldTime();
  const { url } = await startTestServer({ ports: { clock: time.clock, timers: time.timers } });
  const { orgId, owner } = await TestOrganization.create(url);
  await uploadContent(owner, orgId, content);
  const line = `GET ${endpoints.file(orgId, computeSha256(content))}`;
  const [dead, slow] = [await ask(url, owner, line), await ask(url, owner, line)];
  await wait(300);
  for (let count = 0; count < 5; count += 1) {
    slow.socket.resume();
    await wait(30);
    slow.socket.pause();
    await wait(30);
    time.advance(5 * minuteMs);
    await wait(30);
  }
  await readRest(dead);
  expect(dead.text.length).toBeLessThan(content.byteLength);
  await readRest(slow);
  expect(slow.text.length).toBeGreaterThan(content.byteLength);
});

test('pages that nobody reads take room in memory of one account up to a limit, and give it back', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  // Three bytes each, and as many as a page holds.
  const terms = { ...testProjectTerms, brief: '字'.repeat(200_000) };
  for (let count = 0; count < 11; count += 1)
    await owner.apply(orgId, ['project.create', { projectId: createId(), terms }]);
  const readers: Reader[] = [];
  const pull = `POST ${endpoints.pull(orgId)}`;
  for (let count = 0; count < 6; count += 1)
    readers.push(await ask(url, owner, pull, '{"scopes":[],"head":null,"knownHeads":[]}'));
  await expect
    .poll(async () => (await owner.pull(orgId).catch((error: unknown) => error)) as unknown)
    .toMatchObject({ status: 429, code: 'rate_limited' });
  await expect(intern.pull(orgId)).resolves.toBeDefined();
  for (const { socket } of readers) socket.destroy();
  await expect.poll(() => owner.pull(orgId).catch(() => undefined)).toBeDefined();
});
