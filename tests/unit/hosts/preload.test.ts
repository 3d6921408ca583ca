import { beforeAll, beforeEach, expect, test } from 'vitest';
import { ipcChannels } from '../../../src/shared/contract/carriers.ts';
import {
  type FakeFrame,
  FakeWebContents,
  ipcMain,
  resetFakeElectron,
} from '../../support/electron/fake-electron.ts';
import { buildPreload, type ExposedApi, runPreload } from '../../support/electron/run-preload.ts';

let source: string;
let contents: FakeWebContents;
const invoked: unknown[][] = [];

beforeAll(async () => {
  source = await buildPreload();
}, 60_000);

beforeEach(() => {
  resetFakeElectron();
  invoked.length = 0;
  contents = new FakeWebContents();
  contents.mainFrame = { url: 'app://stint/', origin: 'app://stint' } satisfies FakeFrame;
  ipcMain.handle(ipcChannels.request, (_event, ...args: unknown[]) => {
    invoked.push(args);
    return 'answer';
  });
});

function obtainApi(): ExposedApi {
  const api = runPreload(source, contents, ipcMain).exposed.get('stint');
  if (api === undefined) throw new Error('window.stint is missing');
  return api;
}

test('the page gets window.stint with request and subscribe, and nothing else', () => {
  const { exposed } = runPreload(source, contents, ipcMain);
  expect([...exposed.keys()]).toEqual(['stint']);
  expect(Object.keys(exposed.get('stint') ?? {}).toSorted()).toEqual(['request', 'subscribe']);
});

test('it is one script that asks for electron alone, as the sandbox allows', () => {
  expect(runPreload(source, contents, ipcMain).required).toEqual(['electron']);
  expect(source).not.toMatch(/\bimport\b/);
});

test('a request hands on its name and its input, and nothing that comes after', async () => {
  const answer = await obtainApi().request('app.state', { a: 1 }, 'more');
  expect(answer).toBe('answer');
  expect(invoked).toEqual([['app.state', { a: 1 }]]);
});

test('no event object reaches a listener', () => {
  const heard: unknown[][] = [];
  obtainApi().subscribe((...args) => heard.push(args));
  contents.send(ipcChannels.event, { type: 'sync' });
  expect(heard).toEqual([[{ type: 'sync' }]]);
});

test('a listener that has ended hears nothing more, and others go on', () => {
  const api = obtainApi();
  const heard: string[] = [];
  const end = api.subscribe(() => heard.push('first'));
  api.subscribe(() => heard.push('second'));
  end();
  contents.send(ipcChannels.event, { type: 'sync' });
  contents.send('another-channel', { type: 'sync' });
  expect(heard).toEqual(['second']);
});
