import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createHostResponder } from '../../../src/main/hosting/host-responder.ts';
import { toJsonResponse } from '../../../src/main/hosting/host-response.ts';
import { engagementDocumentSchema } from '../../../src/shared/bundle/engagement-document.ts';
import { hostPaths } from '../../../src/shared/contract/carriers.ts';
import type { StagedFile } from '../../../src/shared/contract/shapes.ts';
import { hostileNames } from '../../support/names/hostile-names.ts';
import {
  computeMacKey,
  computeWindowsKey,
  findMacFault,
  findWindowsFault,
} from '../../support/names/platform-name-rules.ts';
import { openTestEngine, type TestEngine } from '../../support/workspace/test-engine.ts';
import { setUpTwoDevices } from '../../support/workspace/two-devices.ts';

const run = promisify(execFile);

/** The paths that a page uses, as both hosts answer them. */
function createHost(engine: TestEngine) {
  const respond = createHostResponder({
    engine,
    assets: async () => toJsonResponse(404, {}),
    log: { error: () => {}, info: () => {} } as never,
  });
  return async (method: string, path: string, body?: AsyncIterable<Uint8Array>) => {
    const response = await respond({
      method,
      url: new URL(path, 'http://127.0.0.1'),
      header: () => undefined,
      body,
    });
    const content =
      response.body === undefined
        ? ''
        : typeof response.body === 'string'
          ? response.body
          : Buffer.concat(await (response.body as Readable).toArray()).toString();
    return { ...response, content };
  };
}

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const hash = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');

async function openEngine(folder: string): Promise<TestEngine> {
  const engine = await openTestEngine(folder);
  onTestFinished(() => engine.close());
  return engine;
}

async function getSeatId(engine: TestEngine): Promise<string> {
  const [seat] = (await engine.ask('app.state', {})).seats;
  return seat?.seatId ?? '';
}

test('fifty hostile names go from a draft through submission, download and bundle, and unpack to fifty files', async () => {
  expect(new Set(hostileNames).size).toBe(50);
  const contents = new Map(hostileNames.map((name, index) => [name, `content ${index} of a file`]));
  const devices = await setUpTwoDevices();
  const { taskId } = devices.task;

  const laptop = await openEngine(devices.first);
  const seatId = await getSeatId(laptop);
  const atLaptop = createHost(laptop);
  for (const [name, content] of contents) {
    const answer = await atLaptop('PUT', hostPaths.import(name), streamOf(content));
    expect(answer.status).toBe(200);
    const { stagedId } = JSON.parse(answer.content) as StagedFile;
    await laptop.ask('draft.attach', { seatId, taskId, stagedId });
  }
  const { submissionId } = await laptop.ask('submission.create', { seatId, taskId });
  expect(await laptop.settle(25_000)).toMatchObject({ isSettled: true, attentionCount: 0 });

  const desk = await openEngine(devices.employer);
  const deskSeatId = await getSeatId(desk);
  expect(await desk.settle(25_000)).toMatchObject({ isSettled: true });
  const submission = await desk.ask('submission.get', { seatId: deskSeatId, submissionId });
  expect(submission.files.map(({ name }) => name)).toEqual(hostileNames);

  const atDesk = createHost(desk);
  for (const file of submission.files) {
    const path = `${hostPaths.file(deskSeatId, file.attachmentId)}?download=1`;
    const saved = await atDesk('GET', path);
    expect(saved.content).toBe(contents.get(file.name));
    const savedAs = readSavedName(String(saved.headers['content-disposition']));
    expect([file.name, findWindowsFault(savedAs), findMacFault(savedAs)]).toEqual([
      file.name,
      undefined,
      undefined,
    ]);
  }

  const { engagementId } = submission;
  const bundle = await desk.ask('bundle.export', { seatId: deskSeatId, engagementId });
  expect(bundle.missing).toEqual([]);
  const target = join(devices.root, 'unpacked');
  await mkdir(target);
  await run('unzip', ['-q', bundle.path, '-d', target], {
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  const [bag = ''] = await readdir(target);
  for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
    await run('sha256sum', ['--check', '--strict', '--quiet', manifest], {
      cwd: join(target, bag),
    });

  const document = engagementDocumentSchema.parse(
    JSON.parse(await readFile(join(target, bag, 'data/engagement.json'), 'utf8')),
  );
  const bundled = document.tasks.flatMap(({ submissions }) =>
    submissions.flatMap(({ files }) => files),
  );
  expect(bundled.map(({ name }) => name)).toEqual(hostileNames);
  const paths = bundled.map(({ path }) => path ?? '');
  for (const { name, path } of bundled)
    expect(hash(await readFile(join(target, bag, 'data', path ?? '')))).toBe(
      hash(contents.get(name) ?? ''),
    );
  for (const keyOf of [(path: string) => path, computeWindowsKey, computeMacKey])
    expect(new Set(paths.map((path) => keyOf(path))).size).toBe(50);

  const everything = await readdir(target, { recursive: true });
  for (const path of everything) {
    expect([path, findWindowsFault(basename(path))]).toEqual([path, undefined]);
    expect([path, findMacFault(basename(path))]).toEqual([path, undefined]);
  }
  const files = await readdir(join(target, bag, 'data', paths[0] ?? '', '..'));
  expect(files).toHaveLength(50);
});

/** RFC 6266, section 4.3: the extended form counts where there is one. */
function readSavedName(header: string): string {
  const extended = /filename\*=UTF-8''([^;]+)/.exec(header)?.[1];
  return extended === undefined
    ? (/filename="([^"]*)"/.exec(header)?.[1] ?? '')
    : decodeURIComponent(extended);
}
