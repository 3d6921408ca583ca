import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Engine, openEngine } from '../../../src/main/workspace/engine/open-engine.ts';
import { type CarrierAnswer, hostPaths } from '../../../src/shared/contract/carriers.ts';
import { contract, requestNames } from '../../../src/shared/contract/contract.ts';
import { engineEventSchema } from '../../../src/shared/contract/events.ts';
import { stagedFileSchema } from '../../../src/shared/contract/shapes.ts';
import { StintError } from '../../../src/shared/errors.ts';
import { app, resetFakeElectron } from '../../support/electron/fake-electron.ts';
import {
  openDirectCarrier,
  openHttpCarrier,
  openIpcCarrier,
  type TestedCarrier,
} from '../../support/hosts/carriers.ts';
import { createRendererFolder, type RendererFolder } from '../../support/hosts/renderer-folder.ts';

vi.mock('electron', () => import('../../support/electron/fake-electron.ts'));

const unknownId = '01900000-0000-7000-8000-000000000000';
const kinds = ['direct', 'http', 'ipc'] as const;
const pageKinds = ['http', 'ipc'] as const;

let folder: string;
let renderer: RendererFolder;
let engine: Engine;
const carriers = new Map<string, TestedCarrier>();

beforeAll(async () => {
  resetFakeElectron();
  await app.whenReady();
  folder = await mkdtemp(path.join(tmpdir(), 'stint-carriers-'));
  renderer = await createRendererFolder();
  engine = await openEngine({
    folder: path.join(folder, 'data'),
    version: '1.2.3',
    host: {
      kind: 'loopback',
      openExternal: () => Promise.resolve(),
      startSample: () =>
        Promise.reject(new StintError('unavailable', 'there is no sample in this test')),
      getUpdateState: () => ({ state: 'off', version: null, message: null }),
      installUpdate: () => Promise.resolve(),
    },
  });
  carriers.set('direct', openDirectCarrier(engine));
  carriers.set('http', await openHttpCarrier(engine, renderer.folder));
  carriers.set('ipc', await openIpcCarrier(engine, renderer.folder));
}, 60_000);

afterAll(async () => {
  for (const carrier of carriers.values()) await carrier.close();
  await engine.close();
  await renderer.remove();
  await rm(folder, { recursive: true, force: true });
});

function getCarrier(kind: string): TestedCarrier {
  const carrier = carriers.get(kind);
  if (carrier === undefined) throw new Error(`no carrier ${kind}`);
  return carrier;
}

function fetchOver(kind: string, pathname: string, init?: RequestInit): Promise<Response> {
  const { fetch } = getCarrier(kind);
  if (fetch === undefined) throw new Error(`${kind} has no pages`);
  return fetch(pathname, init);
}

/** Of the ids that are made anew with each call, none may make answers differ. */
async function askEverywhere(name: string, input: unknown): Promise<CarrierAnswer> {
  const answers = [];
  for (const kind of kinds) answers.push(await getCarrier(kind).ask(name, input));
  const [direct, ...others] = answers;
  for (const other of others) expect(other).toEqual(direct);
  return direct as CarrierAnswer;
}

describe('every carrier answers the same', () => {
  test('a question about the installation, in the shape that the contract says', async () => {
    const answer = await askEverywhere('app.state', {});
    expect(answer).toMatchObject({ ok: true, value: { version: '1.2.3', seats: [] } });
    contract['app.state'].output.parse((answer as { value: unknown }).value);
  });

  test('a change, and what it left behind', async () => {
    const settings = { theme: 'dark', deviceName: 'Zoë’s “laptop” 🌱' };
    expect(await askEverywhere('settings.update', settings)).toMatchObject({
      ok: true,
      value: settings,
    });
    expect(await askEverywhere('app.state', {})).toMatchObject({ value: { settings } });
  });

  test('the sync state of an installation that belongs to nobody yet', async () => {
    expect(await askEverywhere('sync.status', {})).toMatchObject({
      ok: true,
      value: { seats: [] },
    });
  });

  test('a request that does not exist, with the name of one that could be an object’s own', async () => {
    for (const name of ['app.unheardOf', 'constructor', '__proto__'])
      expect(await askEverywhere(name, {})).toMatchObject({
        ok: false,
        error: { code: 'not_found' },
      });
  });

  test('an input at fault, naming the field', async () => {
    expect(await askEverywhere('settings.update', { theme: 'purple' })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', field: 'theme' },
    });
    expect(await askEverywhere('people.list', { seatId: 7 })).toMatchObject({
      error: { code: 'invalid_input', field: 'seatId' },
    });
  });

  test('an input that is no object at all', async () => {
    for (const input of ['text', 7, [], true])
      expect(await askEverywhere('app.state', input)).toMatchObject({
        error: { code: 'invalid_input' },
      });
  });

  test('a question about an organization that is not here', async () => {
    expect(await askEverywhere('people.list', { seatId: unknownId })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });

  test('a server that nobody reaches', async () => {
    const input = { serverUrl: 'http://127.0.0.1:1' };
    expect(await askEverywhere('setup.checkServer', input)).toMatchObject({
      error: { code: 'server_unreachable' },
    });
  });

  test('an address that must not be opened', async () => {
    expect(await askEverywhere('app.openExternal', { url: 'file:///etc/passwd' })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input' },
    });
  });

  test('every request of the contract with an input that fits none of them', async () => {
    for (const name of requestNames) {
      // How much room the disk has changes from one question to the next, whoever asks.
      if (name === 'files.space') continue;
      const answer = await askEverywhere(name, {
        seatId: 7,
        theme: 7,
        url: 7,
        link: 7,
        serverUrl: 7,
      });
      if (!answer.ok) expect(answer.error.code).not.toBe('internal');
    }
  });
});

test.each(kinds)('over %s a page cannot name files of this machine', async (kind) => {
  const file = path.join(folder, 'private.txt');
  await writeFile(file, 'private');
  const answer = await getCarrier(kind).ask('files.importPath', { path: file });
  expect(answer).toMatchObject({ ok: false, error: { code: 'not_found' } });
});

test('a program of this machine may name them', async () => {
  const file = path.join(folder, 'own.txt');
  await writeFile(file, 'own');
  const staged = await engine.dispatch('files.importPath', { path: file }, 'local');
  expect(stagedFileSchema.parse(staged)).toMatchObject({ name: 'own.txt', sizeBytes: 3 });
});

test.each(kinds)('over %s events arrive until the listener ends', async (kind) => {
  const heard: unknown[] = [];
  const end = await getCarrier(kind).listen((event) => heard.push(event));
  await getCarrier('direct').ask('settings.update', { deviceName: `for ${kind}` });
  await vi.waitFor(() => expect(heard).not.toEqual([]));
  for (const event of heard) engineEventSchema.parse(event);
  end();
});

describe.each(pageKinds)('over %s', (kind) => {
  test('a file is taken in by its bytes, under its own name', async () => {
    const content = Buffer.from('résumé 🌱\n'.repeat(10_000));
    const response = await fetchOver(kind, hostPaths.import('Résumé “final”.txt'), {
      method: 'PUT',
      body: content,
    });
    expect(response.status).toBe(200);
    expect(stagedFileSchema.parse(await response.json())).toMatchObject({
      name: 'Résumé “final”.txt',
      sizeBytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  });

  test('an empty file is a file', async () => {
    const response = await fetchOver(kind, hostPaths.import('empty.txt'), { method: 'PUT' });
    expect(await response.json()).toMatchObject({ sizeBytes: 0 });
  });

  test('a file that is not here is said to be missing', async () => {
    const response = await fetchOver(kind, hostPaths.file(unknownId, unknownId));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  test('an export is saved under its name, whole or in part', async () => {
    const name = 'Müsli – März 🌱.zip';
    await writeFile(path.join(folder, 'data', 'exports', name), '0123456789');
    const whole = await fetchOver(kind, hostPaths.exported(name));
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-disposition')).toContain(
      `filename*=UTF-8''${encodeURIComponent(name)}`,
    );
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await whole.text()).toBe('0123456789');
    const part = await fetchOver(kind, hostPaths.exported(name), {
      headers: { range: 'bytes=-3' },
    });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 7-9/10');
    expect(await part.text()).toBe('789');
    const beyond = await fetchOver(kind, hostPaths.exported(name), {
      headers: { range: 'bytes=10-' },
    });
    expect(beyond.status).toBe(416);
  });

  test('nothing beside the exports can be asked for', async () => {
    await copyFile(
      path.join(renderer.outside, 'secret.txt'),
      path.join(folder, 'data', 'secret.txt'),
    );
    for (const name of [
      '../secret.txt',
      '../workspace.db',
      '..',
      '.',
      '../../data/secret.txt',
      'x\0',
    ])
      for (const pathname of [hostPaths.exported(name), `/exports/${name.replace('\0', '')}`]) {
        const response = await fetchOver(kind, pathname);
        expect(await response.text()).not.toMatch(/secret|SQLite/);
      }
  });

  test('the interface comes under its policy, and a private path that means nothing does not', async () => {
    const page = await fetchOver(kind, '/today');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetchOver(kind, '/files/x')).status).toBe(404);
    expect((await fetchOver(kind, '/api/unheard-of')).status).toBe(404);
    expect((await fetchOver(kind, '/today', { method: 'DELETE' })).status).toBe(405);
  });
});
