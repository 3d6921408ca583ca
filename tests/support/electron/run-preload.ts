import { readFile } from 'node:fs/promises';
import path from 'node:path';
import vm from 'node:vm';
import { buildBundle } from './build-bundle.ts';
import type { FakeWebContents, ipcMain as fakeIpcMain } from './fake-electron.ts';

export interface ExposedApi {
  request(...args: unknown[]): Promise<unknown>;
  subscribe(listener: (...args: unknown[]) => void): () => void;
}

export interface RunningPreload {
  /** By name, what the page finds on `window`. */
  readonly exposed: ReadonlyMap<string, ExposedApi>;
  /** The modules that the script asked for. */
  readonly required: readonly string[];
}

/** The built preload script's source. */
export async function buildPreload(): Promise<string> {
  const bundle = await buildBundle('preload');
  try {
    return await readFile(path.join(bundle.folder, 'preload.cjs'), 'utf8');
  } finally {
    await bundle.remove();
  }
}

/**
 * Runs a built preload script as a sandboxed renderer does: no Node, and a `require` that knows
 * `electron` alone. Its invocations go to the fake ipcMain as the main frame of the given contents.
 */
export function runPreload(
  source: string,
  contents: FakeWebContents,
  ipcMain: typeof fakeIpcMain,
): RunningPreload {
  const exposed = new Map<string, ExposedApi>();
  const required: string[] = [];
  const pageListeners = new Map<string, Set<(event: unknown, ...args: unknown[]) => void>>();
  contents.on('sent-to-page', (channel: string, ...args: unknown[]) => {
    for (const listener of pageListeners.get(channel) ?? []) listener({ isEvent: true }, ...args);
  });
  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]) =>
      ipcMain.invokeFrom(contents, contents.mainFrame, channel, ...args),
    on: (channel: string, listener: (event: unknown, ...args: unknown[]) => void) => {
      const listeners = pageListeners.get(channel) ?? new Set();
      pageListeners.set(channel, listeners.add(listener));
    },
    off: (channel: string, listener: (event: unknown, ...args: unknown[]) => void) => {
      pageListeners.get(channel)?.delete(listener);
    },
  };
  const contextBridge = {
    exposeInMainWorld: (name: string, api: ExposedApi) => exposed.set(name, api),
  };
  const module = { exports: {} };
  vm.runInNewContext(source, {
    module,
    exports: module.exports,
    require: (name: string) => {
      required.push(name);
      if (name !== 'electron') throw new Error(`module not found: ${name}`);
      return { contextBridge, ipcRenderer };
    },
  });
  return { exposed, required };
}
