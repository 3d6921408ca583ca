import type { BrowserWindow as TrueBrowserWindow } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { setAppMenu } from '../../../src/main/electron/app-menu.ts';
import { endCleanly } from '../../../src/main/electron/clean-end.ts';
import { reviveWindow } from '../../../src/main/electron/revive-window.ts';
import {
  app,
  BrowserWindow,
  dialog,
  FakeEvent,
  Menu,
  powerMonitor,
  resetFakeElectron,
} from '../../support/electron/fake-electron.ts';

vi.mock('electron', () => import('../../support/electron/fake-electron.ts'));

const silent = { info: () => undefined, error: () => undefined };
let steps: string[];
let close: () => Promise<void>;

beforeEach(() => {
  resetFakeElectron();
  steps = [];
  close = async () => void steps.push('closed');
  endCleanly({
    prepare: async () => void steps.push('prepared'),
    close: () => close(),
    log: silent,
  });
});

afterEach(() => void vi.useRealTimers());

test('the engine ends before the program, once, however often it is asked', async () => {
  app.quit();
  app.quit();
  expect(app.hasQuit).toBe(false);
  await vi.waitFor(() => expect(app.hasQuit).toBe(true));
  expect(steps).toEqual(['prepared', 'closed']);
});

test('a system that shuts down waits for it', async () => {
  const shutdown = new FakeEvent();
  powerMonitor.emit('shutdown', shutdown);
  expect(shutdown.defaultPrevented).toBe(true);
  await vi.waitFor(() => expect(app.hasQuit).toBe(true));
  expect(steps).toEqual(['prepared', 'closed']);
});

test('whoever starts it while it ends gets it when it has ended, with what they wanted opened', async () => {
  app.emit('second-instance', new FakeEvent(), ['stint', 'before.zip'], '/');
  let letGo: () => void = () => undefined;
  close = () => new Promise((resolve) => (letGo = resolve));
  app.quit();
  await vi.waitFor(() => expect(steps).toEqual(['prepared']));
  app.emit('second-instance', new FakeEvent(), ['stint', 'bundle.zip'], '/');
  expect(app.relaunches).toEqual([]);
  letGo();
  await vi.waitFor(() => expect(app.hasQuit).toBe(true));
  expect(app.relaunches).toEqual([{ args: ['bundle.zip'] }]);
});

test('an engine that fails to close, or never does, does not hold the program for ever', async () => {
  vi.useFakeTimers();
  close = () => new Promise(() => undefined);
  app.quit();
  await vi.advanceTimersByTimeAsync(19_000);
  expect(app.hasQuit).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(app.hasQuit).toBe(true);
});

test('a window whose process ended is loaded anew, but not over and over', () => {
  const window = new BrowserWindow({});
  let nowMs = 0;
  reviveWindow(window as unknown as TrueBrowserWindow, silent, () => nowMs);
  const end = (reason: string) =>
    window.webContents.emit('render-process-gone', new FakeEvent(), { reason, exitCode: 1 });
  end('clean-exit');
  expect(window.webContents.reloads).toBe(0);
  end('oom');
  expect(window.webContents.reloads).toBe(1);
  nowMs = 59_000;
  end('crashed');
  expect(window.webContents.reloads).toBe(1);
  expect(dialog.errors).toHaveLength(1);
  nowMs += 60_000;
  end('crashed');
  expect(window.webContents.reloads).toBe(2);
});

test('what is shown can be made larger with the plus key alone, and keys of the interface stay its own', () => {
  setAppMenu('linux', false);
  const items = Menu.template.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  expect(
    items.filter(({ role }) => role === 'zoomIn').map(({ accelerator }) => accelerator),
  ).toEqual([undefined, 'CommandOrControl+=']);
  expect(items.map(({ role }) => role)).not.toContain('reload');
});
