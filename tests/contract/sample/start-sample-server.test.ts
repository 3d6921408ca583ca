import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { askEngine } from '../../../src/main/sample/ask-engine.ts';
import { startSampleServer } from '../../../src/main/sample/start-sample-server.ts';
import { openEngine } from '../../../src/main/workspace/engine/open-engine.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

/** Two workspaces and a server, each flushing every change to the disk: long on a busy machine. */
const timeoutMs = 120_000;
const resourcesFolder = join(import.meta.dirname, '../../../resources/sample');

test(
  'the sample is a living organization: both people sign in and find what waits for them',
  async () => {
    const folder = await makeTemporaryFolder();
    const sample = await startSampleServer(join(folder, 'sample'), resourcesFolder);
    const engine = await openEngine({
      folder: join(folder, 'workspace'),
      version: '0.0.0',
      host: {
        kind: 'command_line',
        openExternal: async () => {},
        startSample: async () => sample,
        getUpdateState: () => ({ state: 'off', version: null, message: null }),
        installUpdate: async () => {},
      },
    });
    onTestFinished(async () => {
      await engine.close();
      await sample.close();
    });
    const { employerSeatId, internSeatId } = await askEngine(engine, 'sample.start', {});
    expect(await engine.settle(20_000)).toMatchObject({ isSettled: true, attentionCount: 0 });

    const today = await askEngine(engine, 'today.get', { seatId: internSeatId });
    expect(today.cameBack.map(({ title }) => title)).toEqual(['Competitor price survey']);
    expect(today.waiting.map(({ title }) => title)).toEqual(['Clean and sort the February survey']);
    const { items } = await askEngine(engine, 'tasks.list', { seatId: internSeatId });
    expect(Object.fromEntries(items.map(({ title, state }) => [title, state]))).toEqual({
      'Competitor price survey': 'changes_requested',
      'Clean and sort the February survey': 'submitted',
      'Two blog articles with pictures': 'in_progress',
      "One page for the team's breakfast": 'to_do',
    });
    for (const { taskId } of items) {
      const { references } = await askEngine(engine, 'task.get', { seatId: internSeatId, taskId });
      expect(references.length).toBeGreaterThan(0);
      expect(references.every(({ isHere }) => isHere)).toBe(true);
    }
    const queue = await askEngine(engine, 'review.queue', { seatId: employerSeatId });
    expect(queue.waiting).toHaveLength(1);
    expect(queue.waiting[0]?.submission.files.every(({ isOnServer }) => isOnServer)).toBe(true);
    expect(queue.decided).toHaveLength(1);
  },
  timeoutMs,
);

test(
  'the sample keeps its people, its passwords to itself, and its port while that is free',
  async () => {
    const folder = await makeTemporaryFolder();
    const first = await startSampleServer(folder, resourcesFolder);
    await first.close();
    const again = await startSampleServer(folder, resourcesFolder);
    await again.close();
    expect({ ...again, close: null }).toEqual({ ...first, close: null });
    expect((await readdir(folder)).sort()).toEqual(['access.json', 'server']);
    if (process.platform !== 'win32')
      expect((await stat(join(folder, 'access.json'))).mode & 0o777).toBe(0o600);
    expect(first.employer.password).not.toBe(first.intern.password);
    expect(first.employer.password.length).toBeGreaterThanOrEqual(30);

    const squatter = createServer().listen(Number(new URL(first.serverUrl).port), '127.0.0.1');
    await once(squatter, 'listening');
    onTestFinished(() => void squatter.close());
    const moved = await startSampleServer(folder, resourcesFolder);
    await moved.close();
    expect(moved.serverUrl).not.toBe(first.serverUrl);
    expect(moved.employer).toEqual(first.employer);
  },
  timeoutMs,
);

test(
  'a sample whose preparation was interrupted is prepared anew',
  async () => {
    const folder = await makeTemporaryFolder();
    // As a killed program leaves it: a server with something on it, workspaces, and no access file.
    const whole = await startSampleServer(folder, resourcesFolder);
    await whole.close();
    await rm(join(folder, 'access.json'));
    await mkdir(join(folder, 'preparation', 'employer'), { recursive: true });
    await writeFile(join(folder, 'preparation', 'employer', 'workspace.db'), 'half');
    const anew = await startSampleServer(folder, resourcesFolder);
    await anew.close();
    expect(anew.employer.password).not.toBe(whole.employer.password);
    expect((await readdir(folder)).sort()).toEqual(['access.json', 'server']);
    const access = JSON.parse(await readFile(join(folder, 'access.json'), 'utf8'));
    expect(access).toMatchObject({ port: Number(new URL(anew.serverUrl).port) });
  },
  timeoutMs,
);
