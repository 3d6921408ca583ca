import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type LoopbackHost,
  type LoopbackHostOptions,
  startLoopbackHost,
} from '../../../src/main/loopback/loopback-host.ts';
import type { HostCapabilities } from '../../../src/main/workspace/engine/host-capabilities.ts';
import { StintError } from '../../../src/shared/errors.ts';
import { createRendererFolder, type RendererFolder } from '../../support/hosts/renderer-folder.ts';
import { ScriptedEngine } from '../../support/hosts/scripted-engine.ts';

let renderer: RendererFolder;
let engine: ScriptedEngine;
let capabilities: HostCapabilities | undefined;
let opened: string[];
let samples: { starts: number; closings: number };
const hosts: LoopbackHost[] = [];

beforeEach(async () => {
  renderer = await createRendererFolder();
  engine = new ScriptedEngine();
  capabilities = undefined;
  opened = [];
  samples = { starts: 0, closings: 0 };
});

afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
  await renderer.remove();
});

async function start(changed: Partial<LoopbackHostOptions> = {}): Promise<LoopbackHost> {
  const host = await startLoopbackHost({
    openEngine: async (given) => {
      capabilities = given;
      return engine;
    },
    startSample: async () => {
      samples.starts += 1;
      return {
        serverUrl: 'http://127.0.0.1:1',
        employer: { email: 'e@example.org', password: 'p' },
        intern: { email: 'i@example.org', password: 'p' },
        close: async () => {
          samples.closings += 1;
        },
      };
    },
    openAddress: async (url) => {
      opened.push(url);
    },
    rendererFolder: renderer.folder,
    port: 0,
    log: { info: () => undefined, error: () => undefined },
    ...changed,
  });
  hosts.push(host);
  return host;
}

test('the address holds the token where no server is sent it', async () => {
  const host = await start();
  expect(host.url).toBe(`http://127.0.0.1:${host.port}/#token=${host.token}`);
  expect((await fetch(host.url)).status).toBe(200);
});

test('closing ends the engine once, and the port is free again', async () => {
  const host = await start();
  await Promise.all([host.close(), host.close()]);
  expect(engine.closings).toBe(1);
  await expect(fetch(host.url)).rejects.toThrow('fetch failed');
});

test('an engine that cannot open is told as it is, and nothing is left open', async () => {
  const refusal = new StintError('workspace_in_use', 'another Stint has this folder open');
  const failing = start({ openEngine: () => Promise.reject(refusal) });
  await expect(failing).rejects.toBe(refusal);
});

test('a port that is taken closes the engine again', async () => {
  const first = await start();
  await expect(start({ port: first.port })).rejects.toMatchObject({ code: 'unavailable' });
  expect(engine.closings).toBe(1);
});

test('the sample is started once, without its handle being given away, and ends with the host', async () => {
  const host = await start();
  const [one, two] = await Promise.all([
    capabilities?.startSample('/a'),
    capabilities?.startSample('/a'),
  ]);
  expect(one).toEqual(two);
  expect(one).not.toHaveProperty('close');
  await host.close();
  expect(samples).toEqual({ starts: 1, closings: 1 });
});

test('a sample that failed to start can be tried again', async () => {
  let attempts = 0;
  await start({
    startSample: () => {
      attempts += 1;
      return Promise.reject(new Error('no'));
    },
  });
  await expect(capabilities?.startSample('/a')).rejects.toThrow('no');
  await expect(capabilities?.startSample('/a')).rejects.toThrow('no');
  expect(attempts).toBe(2);
});

test('only https and mailto addresses are handed to the system', async () => {
  await start();
  await capabilities?.openExternal('https://example.org');
  await expect(capabilities?.openExternal('file:///etc/passwd')).rejects.toMatchObject({
    code: 'invalid_input',
  });
  expect(opened).toEqual(['https://example.org/']);
});
