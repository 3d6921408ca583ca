import { randomBytes } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { protocolHeader, protocolVersion } from '../../../src/shared/protocol/version.ts';
import { createSystemTimers } from '../../../src/server/ports/system-timers.ts';
import type { Timers } from '../../../src/shared/ports.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { computeSha256 } from '../../support/server/test-ids.ts';
import { createManifestFile, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

const largeBytes = 32 * 1024 * 1024;

/** Time in the server passes a hundred times as quickly, for what it looks at from time to time. */
const quickTimers: Timers = {
  after: (delayMs, action) => createSystemTimers().after(delayMs / 100, action),
};

/** A request of which the test holds both ends open. */
function begin(
  device: TestDevice,
  method: string,
  path: string,
  headers: Record<string, string> = {},
): { sent: ClientRequest; answer: Promise<IncomingMessage> } {
  const sent = request(`${device.baseUrl}${path}`, {
    method,
    headers: {
      [protocolHeader]: String(protocolVersion),
      authorization: `Bearer ${device.token}`,
      ...headers,
    },
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
  answer.catch(() => undefined);
  onTestFinished(() => void sent.destroy());
  return { sent, answer };
}

async function startWithPeople(timers?: Timers) {
  const server = await startTestServer(timers === undefined ? {} : { ports: { timers } });
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const intern = await organization.addIntern();
  const task = await organization.assignTask(intern.engagementId);
  return { server, orgId, owner, intern, task };
}

/** A large reference of the intern's task, and a download of it that has begun and is not read. */
async function beginDownload(setting: Awaited<ReturnType<typeof startWithPeople>>) {
  const { owner, orgId, intern, task } = setting;
  const content = randomBytes(largeBytes);
  await uploadContent(owner, orgId, content);
  await owner.apply(orgId, [
    'task.addReference',
    { taskId: task.taskId, file: createManifestFile(content, 'large.bin') },
  ]);
  const { sent, answer } = begin(
    intern.device,
    'GET',
    endpoints.file(orgId, computeSha256(content)),
  );
  sent.end();
  const response = await answer;
  expect(response.statusCode).toBe(200);
  response.pause();
  /** `pauseMs` after each piece leaves the server time to look again before all of it was read. */
  return async (pauseMs = 0): Promise<number> => {
    let received = 0;
    response.on('data', (chunk: Buffer) => {
      received += chunk.byteLength;
      if (pauseMs === 0) return;
      response.pause();
      void wait(pauseMs).then(() => response.resume());
    });
    // What is cut ends in an error.
    response.once('error', () => undefined);
    const closed = new Promise<void>((resolve) => {
      response.once('close', resolve);
    });
    response.resume();
    await closed;
    return received;
  };
}

/** An upload that is half sent and waits; answers what becomes of its connection. */
async function beginUpload(device: TestDevice, orgId: string) {
  const content = randomBytes(1024 * 1024);
  const created = await device.fetch(endpoints.uploads(orgId), {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(content.byteLength),
      'upload-metadata': `sha256 ${Buffer.from(computeSha256(content)).toString('base64')}`,
    },
  });
  const location = String(created.headers.get('location'));
  const { sent, answer } = begin(device, 'PATCH', location, {
    'tus-resumable': '1.0.0',
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
    'content-length': String(content.byteLength),
  });
  sent.write(content.subarray(0, content.byteLength / 2));
  const ended = answer.then(
    ({ statusCode }) => statusCode,
    () => 'cut',
  );
  // Let the first half be on its way before anything happens to it.
  await wait(100);
  return { content, location, sent, ended };
}

test('SY-10 a download under way is cut when the session ends', async () => {
  const setting = await startWithPeople();
  const readOn = await beginDownload(setting);
  await setting.intern.device.request('DELETE', endpoints.session);
  expect(await readOn()).toBeLessThan(largeBytes);
});

test('SY-10 a download under way is cut when the person loses access to the organization', async () => {
  const setting = await startWithPeople();
  const readOn = await beginDownload(setting);
  await setting.owner.apply(setting.orgId, [
    'member.remove',
    { membershipId: setting.intern.membershipId, reason: null },
  ]);
  expect(await readOn()).toBeLessThan(largeBytes);
});

test('SY-10 a download under way is cut when what it is part of leaves the sight of the person', async () => {
  const setting = await startWithPeople(quickTimers);
  const readOn = await beginDownload(setting);
  await setting.owner.apply(setting.orgId, [
    'engagement.withdraw',
    { engagementId: setting.intern.engagementId },
  ]);
  expect(await readOn(20)).toBeLessThan(largeBytes);
});

test('SY-10 a download goes on while others lose their access', async () => {
  const setting = await startWithPeople(quickTimers);
  const readOn = await beginDownload(setting);
  await setting.owner.rekey().then((other) => other.request('DELETE', endpoints.session));
  // Long enough for several looks; the whole content comes in any case.
  await wait(500);
  expect(await readOn()).toBe(largeBytes);
});

test('SY-22 an upload under way is cut when the session ends, and goes on where it was after signing in', async () => {
  const { orgId, intern } = await startWithPeople();
  const { device } = intern;
  const other = await device.rekey();
  const { content, location, ended } = await beginUpload(device, orgId);
  await device.request('DELETE', endpoints.session);
  expect(await ended).toBe('cut');
  await expect(device.request('GET', endpoints.account)).rejects.toMatchObject({ status: 401 });
  const outcome = await uploadContent(other, orgId, content, {
    uploadUrl: `${other.baseUrl}${location}`,
  });
  expect(outcome.isComplete).toBe(true);
});

test('SY-22 an upload under way is cut when the person loses access, and nothing of it arrives', async () => {
  const { orgId, owner, intern } = await startWithPeople();
  const { content, ended } = await beginUpload(intern.device, orgId);
  await owner.apply(orgId, ['member.remove', { membershipId: intern.membershipId, reason: null }]);
  expect(await ended).toBe('cut');
  const answer = await owner.fetch(endpoints.file(orgId, computeSha256(content)));
  expect(answer.status).toBe(404);
});

test('SY-10 a request whose body is held back is refused when its session ends before it is whole', async () => {
  const { orgId, owner } = await startWithPeople();
  const device = await owner.rekey();
  const mutation = device.createMutation('organization.rename', {
    name: 'Renamed too late',
    seenName: 'Talkorn',
  });
  const held = [
    [endpoints.pull(orgId), { scopes: [], head: null }],
    [endpoints.push(orgId), { mutations: [mutation], head: null }],
    [endpoints.checksums(orgId), { scopes: ['*'] }],
  ] as const;
  const requests = held.map(([path, body]) => {
    const text = JSON.stringify(body);
    const { sent, answer } = begin(device, 'POST', path, {
      'content-type': 'application/json',
      'content-length': String(text.length),
    });
    sent.write(text.slice(0, -1));
    return { answer, finish: () => sent.end(text.slice(-1)) };
  });
  await wait(1500);
  await device.request('DELETE', endpoints.session);
  for (const { answer, finish } of requests) {
    finish();
    expect((await answer).statusCode).toBe(401);
  }
  const [organization] = await owner.list(orgId, 'organizations');
  expect(organization?.['name']).toBe('Talkorn');
});
