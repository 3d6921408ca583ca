import { createHash } from 'node:crypto';
import { symlink } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { DownloadQueue } from '../../../../src/main/workspace/files/download-queue.ts';
import { TransferControl } from '../../../../src/main/workspace/files/transfer-control.ts';
import { UploadQueue } from '../../../../src/main/workspace/files/upload-queue.ts';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { loadClockDifference } from '../../../../src/main/workspace/sync/clock-difference.ts';
import { PokeListener } from '../../../../src/main/workspace/sync/poke-listener.ts';
import { pullAll } from '../../../../src/main/workspace/sync/pull.ts';
import { ServerClient } from '../../../../src/main/workspace/sync/server-client.ts';
import {
  catchStintError,
  openTestInstallation,
  ports,
  settle,
  waitFor,
} from '../../../support/sync/test-installation.ts';
import { assignTask, setUpPair } from '../../../support/sync/test-organization.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();
const badServers: Server[] = [];

afterEach(() => {
  for (const bad of badServers.splice(0)) {
    bad.closeAllConnections();
    bad.close();
  }
});

async function startBadServer(listener: RequestListener): Promise<string> {
  const bad = createServer(listener);
  badServers.push(bad);
  await new Promise<void>((resolve) => bad.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(bad.address() as AddressInfo).port}`;
}

const now = () => '2026-05-04T09:00:00.000Z';

test('SY-11 a change at which the server stumbles holds back nothing of what others did', async () => {
  const { employer, intern, task, employment } = await setUpPair(
    scene.desk,
    scene.laptop,
    scene.server.url,
    scene.proxy.url,
  );
  scene.proxy.stumblesAt = '/push';
  await intern.mutate(
    'draft.writeNote',
    { taskId: task.taskId, note: 'half a page' },
    { subject: 'note' },
  );
  const second = await assignTask(employer, employment.engagementId, { title: 'Second' });
  await settle(scene.desk);
  scene.laptop.sync.kick();
  await waitFor('the task that the employer assigned', async () =>
    intern.db.selectFrom('tasks').select('id').where('id', '=', second.taskId).executeTakeFirst(),
  );
  // What could not be sent is still there, shown and waiting, and the person is told.
  const [draft] = await intern.db.selectFrom('drafts').select('note').execute();
  expect(draft?.note).toBe('half a page');
  const sync = await scene.laptop.sync.computeSeatSync(intern.record.seatId);
  expect(sync).toMatchObject({ waitingChanges: 1, lastProblem: 'a fault' });
  scene.proxy.stumblesAt = undefined;
  await settle(scene.laptop);
});

test('SY-11 a server that is never done with a pull, and sends nothing new, is an error', async () => {
  const { intern } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  await scene.laptop.sync.stop();
  const scopes = await intern.db.selectFrom('scopeCursors').selectAll().execute();
  const url = await startBadServer((_request, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json' });
    const head = { seq: 9_999, hash: '' };
    answer.end(JSON.stringify({ head, scopes, added: [], removed: [], rows: [], complete: false }));
  });
  const error = await catchStintError(() =>
    pullAll(intern, new ServerClient(ports, url, 'token'), now),
  );
  expect(error.code).toBe('server_error');
});

test('SY-11 a page with a deadline that no calendar has is refused, and nothing of it is applied', async () => {
  const { intern } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  await scene.laptop.sync.stop();
  const scopes = await intern.db.selectFrom('scopeCursors').selectAll().execute();
  const list = () => intern.db.selectFrom('deadlines').selectAll().execute();
  const before = await list();
  const [deadline] = before;
  const url = await startBadServer((_request, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json' });
    const head = { seq: 9_999, hash: '' };
    const rows = [
      { ...deadline, wall: '2026-05-04T18:00' },
      { ...deadline, wall: 'soon' },
    ].map((row) => ({ table: 'deadlines', seq: 9_999, row }));
    answer.end(JSON.stringify({ head, scopes, added: [], removed: [], rows, complete: true }));
  });
  const error = await catchStintError(() =>
    pullAll(intern, new ServerClient(ports, url, 'token'), now),
  );
  expect(error).toMatchObject({ code: 'not_a_stint_server' });
  expect(error.message).toContain('wall');
  expect(await list()).toEqual(before);
});

test('SY-22 a download that goes on beyond the size announced is broken off', async () => {
  const { intern } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const url = await startBadServer((_request, answer) => {
    const chunk = Buffer.alloc(64 * 1024);
    const write = () => {
      while (!answer.destroyed && answer.write(chunk));
    };
    answer.on('drain', write);
    write();
  });
  const client = new ServerClient(ports, url, 'token');
  const queue = new DownloadQueue(intern, scene.laptop.files, ports, async () => client);
  const error = await catchStintError(() => queue.fetch('ab'.repeat(32), 100_000));
  expect(error.code).toBe('hash_mismatch');
  expect(await scene.laptop.files.has('ab'.repeat(32))).toBe(false);
});

test('a download for which no file can be opened leaves no line open', async () => {
  const { intern } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  const { promise: ended, resolve: noteEnd } = Promise.withResolvers<void>();
  const url = await startBadServer((_request, answer) => {
    answer.once('close', noteEnd);
    answer.write(Buffer.alloc(1000));
  });
  const { files } = scene.laptop;
  const sha256 = 'ab'.repeat(32);
  // Nothing is there, and nothing can be made.
  await symlink('/nowhere/at/all', files.partialPath(sha256, intern.record.seatId));
  const client = new ServerClient(ports, url, 'token');
  const queue = new DownloadQueue(intern, files, ports, async () => client);
  await expect(queue.fetch(sha256, 100_000)).rejects.toMatchObject({ code: 'ENOENT' });
  await ended;
});

test.for([200, 500])('an answer that does not end is not read on (status %i)', async (status) => {
  const url = await startBadServer((_request, answer) => {
    answer.writeHead(status, {
      'content-type': 'application/json',
      ...(status === 200 ? { 'content-length': String(2 ** 40) } : {}),
    });
    const write = () => {
      while (!answer.destroyed && answer.write(Buffer.alloc(64 * 1024, '['))) sentBytes += 65_536;
    };
    let sentBytes = 0;
    answer.on('drain', write);
    answer.on('close', () => closed.resolve(sentBytes));
    write();
  });
  const closed = Promise.withResolvers<number>();
  const client = new ServerClient(ports, url, 'token');
  const error = await catchStintError(() => client.get('/api/server', z.unknown()));
  expect(error.code).toBe(status === 200 ? 'not_a_stint_server' : 'server_error');
  // What lay in the system's own buffers went out, and no more.
  expect(await closed.promise).toBeLessThan(64 * 1024 * 1024);
});

test('SY-13 a line of pokes that never ends is broken off', { timeout: 15_000 }, async () => {
  const closed = Promise.withResolvers<void>();
  const url = await startBadServer((_request, answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    const write = () => {
      while (!answer.destroyed && answer.write(`data: ${'x'.repeat(64 * 1024)}`));
    };
    answer.on('drain', write);
    answer.on('close', closed.resolve);
    write();
  });
  const client = new ServerClient(ports, url, 'token');
  const listener = new PokeListener(
    ports,
    async () => client,
    () => {},
    () => {},
  );
  listener.start();
  await closed.promise;
  listener.stop();
});

/** A file that is here waits to be sent. @returns its hash. */
async function queueUpload(intern: Seat): Promise<string> {
  const bytes = Buffer.alloc(300_000, 7);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await scene.laptop.files.storeAll([{ sha256, bytes }]);
  await intern.db
    .insertInto('uploads')
    .values({
      sha256,
      sizeBytes: bytes.byteLength,
      name: 'a.bin',
      uploadUrl: null,
      sentBytes: 0,
      attempts: 0,
      problem: null,
      queuedAt: now(),
      finishedAt: null,
    })
    .execute();
  return sha256;
}

test('SY-22 a server that keeps nothing of an upload is not sent it again and again', async () => {
  const { intern } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  await scene.laptop.sync.stop();
  const sha256 = await queueUpload(intern);
  let patches = 0;
  const url = await startBadServer((request, answer) => {
    request.resume();
    request.on('end', () => {
      if (request.method === 'PATCH') patches += 1;
      const headers = { 'tus-resumable': '1.0.0', 'content-type': 'application/json' };
      if (request.url?.endsWith('/missing') === true)
        answer.writeHead(200, headers).end(JSON.stringify({ missing: [sha256] }));
      else if (request.method === 'POST')
        answer.writeHead(201, { ...headers, location: '/uploads/one' }).end();
      else answer.writeHead(204, { ...headers, 'upload-offset': '0' }).end();
    });
  });
  const client = new ServerClient(ports, url, 'token');
  const queue = new UploadQueue(intern, scene.laptop.files, ports, async () => client);
  queue.request(true);
  const failed = await waitFor('the failed upload', async () =>
    intern.db.selectFrom('uploads').selectAll().where('attempts', '>', 0).executeTakeFirst(),
  );
  await queue.stop();
  expect(failed?.problem).toContain('keeps nothing');
  expect(patches).toBe(1);
});

test.for(['stopped', 'paused'] as const)(
  'an upload that is about to begin does not begin when the queue is %s',
  async (state) => {
    const { intern } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
    await scene.laptop.sync.stop();
    const sha256 = await queueUpload(intern);
    const begun: (string | undefined)[] = [];
    const url = await startBadServer((request, answer) => {
      if (request.url?.endsWith('/missing') === true)
        answer
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ missing: [sha256] }));
      else begun.push(request.method);
    });
    const { files } = scene.laptop;
    const client = new ServerClient(ports, url, 'token');
    const control = new TransferControl(ports);
    const queue = new UploadQueue(intern, files, ports, async () => client, control);
    const ended = Promise.withResolvers<void>();
    const findSize = files.findSize.bind(files);
    files.findSize = async (asked) => {
      const found = await findSize(asked);
      if (state === 'paused') {
        control.pause();
        queue.interrupt();
      } else void queue.stop().then(ended.resolve);
      return found;
    };
    queue.request(true);
    if (state === 'stopped') await ended.promise;
    else await waitFor('the pause', async () => control.isPaused && !queue.hasRunning());
    expect(begun).toEqual([]);
    await queue.stop();
  },
);

test('SY-17 a statement of the time that nobody can read is as good as none', async () => {
  const { intern } = await setUpPair(scene.desk, scene.laptop, scene.server.url);
  await scene.laptop.sync.stop();
  await intern.db.updateTable('heldAnchors').set({ statementJson: 'soon' }).execute();
  expect(await loadClockDifference(intern, ports.clock)).toBeNull();
});

test(
  'a server that has fallen silent does not keep the program from ending',
  { timeout: 15_000 },
  async () => {
    const { intern, task } = await setUpPair(
      scene.desk,
      scene.laptop,
      scene.server.url,
      scene.proxy.url,
    );
    scene.proxy.isSilentAt = '/push';
    await intern.mutate(
      'draft.writeNote',
      { taskId: task.taskId, note: 'sent into silence' },
      { subject: 'note' },
    );
    await waitFor('the push', async () => scene.proxy.requests.at(-1)?.endsWith('/push'));
    await scene.laptop.close();
    scene.laptop = await openTestInstallation(scene.laptop.folder);
    scene.proxy.isSilentAt = undefined;
    scene.laptop.sync.start();
    await settle(scene.laptop);
  },
);
